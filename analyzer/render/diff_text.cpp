// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/diff_text.h"

#include "render/diff_phrases.h"
#include "render/phrases.h"
#include "render/table.h"

#include <algorithm>

namespace coroscope::render {
namespace {

using compare::object_change;
using enum table::align;

std::string both(std::uint64_t before, std::uint64_t after) {
  return before == after ? std::to_string(after) : std::to_string(before) + " -> " + std::to_string(after);
}

/// What the change is of, its old and new type, bytes and offset.
std::vector<std::string> object_cells(const object_change &change) {
  const compare::object &known = change.after ? *change.after : *change.before;
  const compare::object &before = change.before ? *change.before : known;
  const std::string type =
      change.is_retyped() ? before.type.value_or("?") + " -> " + known.type.value_or("?") : known.type.value_or("");
  return {change.before ? change.after ? "~" : "-" : "+", object_name(known), type,
          both(before.size, known.size) + (before.size == 1 && known.size == 1 ? " byte" : " bytes") +
              (known.sharing.empty() ? "" : ", shared slot"),
          "offset " + both(before.offset, known.offset)};
}

std::string objects_text(const std::vector<object_change> &changes) {
  table objects({left, left, left, right, left});
  for (const object_change &change : changes)
    if (!change.is_only_moved())
      objects.add(object_cells(change));
  std::string text = objects.text("    ");
  if (const auto moved = std::ranges::count_if(changes, &object_change::is_only_moved))
    text += "    " + std::to_string(moved) + (moved == 1 ? " other object" : " other objects") + " moved\n";
  return text;
}

std::string level_text(const compare::level_change &level) {
  std::string text = "  -" + level.level + ": frame " + size_change(level, "->");
  if (level.before && level.after && level.before->align != level.after->align)
    text += ", align " + both(level.before->align, level.after->align);
  if (level.before && level.after && level.before->padding != level.after->padding)
    text += ", padding " + both(level.before->padding, level.after->padding);
  return text + "\n" + objects_text(level.objects);
}

/// The frames of a coroutine that one report has.
std::string one_side_text(const compare::coroutine_change &change) {
  std::string text;
  for (const compare::level_change &level : change.levels)
    if (const auto &shape = change.after ? level.after : level.before)
      text += "  -" + level.level + ": frame " + std::to_string(shape->size) + " bytes\n";
  return text;
}

std::string head(const shown_difference &shown, const compare::coroutine_change &change) {
  std::string text = coroutine_of(shown, change).name + "  " + place_of(shown, change);
  if (!change.before)
    return text + "  new\n";
  if (!change.after)
    return text + "  gone\n";
  return change.is_renamed ? text + "  was " + shown.before.coroutines.at(change.before->value).name + "\n"
                           : text + "\n";
}

std::string coroutine_text(const shown_difference &shown, const compare::coroutine_change &change) {
  std::string text = head(shown, change);
  if (!change.before || !change.after)
    text += one_side_text(change);
  else
    for (const compare::level_change &level : change.levels)
      if (level.is_any())
        text += level_text(level);
  for (const compare::point_change &point : change.points)
    text += "  " + point_phrase(shown, change, point) + "\n";
  for (const compare::call_change &call : change.calls)
    text += "  " + call_phrase(shown, call) + "\n";
  for (const compare::hazard_change &hazard : change.hazards)
    text += "  " + hazard_phrase(shown, hazard) + "\n";
  return text;
}

} // namespace

std::string diff_text(const compare::difference &difference, const report &before, const report &after) {
  const shown_difference shown{difference, before, after};
  std::string text = summary(shown) + "\n";
  if (const std::string said = note(shown); !said.empty())
    text += "note: " + said + "\n";
  for (const compare::coroutine_change &change : difference.coroutines)
    text += "\n" + coroutine_text(shown, change);
  if (!difference.calls.empty() || !difference.hazards.empty())
    text += "\noutside of coroutines\n";
  for (const compare::call_change &call : difference.calls)
    text += "  " + call_phrase(shown, call) + " in " + (call.after ? *call.after : *call.before).caller + "\n";
  for (const compare::hazard_change &hazard : difference.hazards)
    text += "  " + hazard_phrase(shown, hazard) + "\n";
  return text;
}

} // namespace coroscope::render
