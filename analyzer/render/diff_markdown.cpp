// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/diff_phrases.h"
#include "render/diff_text.h"
#include "render/markdown.h"
#include "render/phrases.h"

#include <algorithm>

namespace coroscope::render {
namespace {

using compare::object_change;

// A comment on GitHub holds 65,536 characters.
constexpr std::size_t table_limit = 30'000;
constexpr std::size_t text_limit = 60'000;

constexpr const char *arrow = "→";

/// What changed but the frame's size, as short as it can be said.
std::string gist(const compare::coroutine_change &change) {
  if (!change.before || !change.after)
    return change.before ? "gone" : "new";
  std::vector<std::string> parts;
  const auto count = [&](std::size_t number, const std::string &one) {
    if (number != 0)
      parts.push_back(std::to_string(number) + " " + one + (number == 1 ? "" : "s"));
  };
  std::size_t objects = 0;
  for (const compare::level_change &level : change.levels)
    objects = std::max<std::size_t>(objects, level.objects.size());
  count(objects, "object");
  count(change.points.size(), "suspend point");
  count(change.calls.size(), "call");
  count(change.hazards.size(), "hazard");
  if (change.is_renamed)
    parts.emplace_back("name");
  std::string text;
  for (const std::string &part : parts)
    text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string overview_row(const shown_difference &shown, const compare::coroutine_change &change) {
  std::string row = "| " + markdown_code(coroutine_of(shown, change).name) + " |";
  for (const compare::level_change &level : change.levels)
    row += " " + size_change(level, arrow) + " |";
  return row + " " + gist(change) + " |\n";
}

std::string overview(const shown_difference &shown) {
  std::string text = "| coroutine |", rule = "|---|";
  for (const std::string &level : shown.difference.levels) {
    text += " -" + level + " |";
    rule += "--:|";
  }
  text += " changed |\n" + rule + "---|\n";
  for (const compare::coroutine_change &change : shown.difference.coroutines) {
    const std::string row = overview_row(shown, change);
    if (text.size() + row.size() > table_limit) {
      const auto shown_rows = &change - shown.difference.coroutines.data();
      return text + "\n" + std::to_string(shown.difference.coroutines.size() - static_cast<std::size_t>(shown_rows)) +
             " more coroutines changed less.\n";
    }
    text += row;
  }
  return text;
}

std::string both(std::uint64_t before, std::uint64_t after) {
  return before == after ? std::to_string(after) : std::to_string(before) + " " + arrow + " " + std::to_string(after);
}

std::string object_row(const std::string &level, const object_change &change) {
  const compare::object &known = change.after ? *change.after : *change.before;
  const compare::object &before = change.before ? *change.before : known;
  const std::string what = !change.before ? "added" : !change.after ? "removed" : change.is_retyped() ? "type" : "size";
  std::string type = markdown_code(known.type.value_or(""));
  if (change.is_retyped())
    type = markdown_code(before.type.value_or("?")) + " " + arrow + " " + type;
  return "| -" + level + " | " + what + " | " + markdown_code(object_name(known)) + " | " + type + " | " +
         both(before.offset, known.offset) + " | " + both(before.size, known.size) + " |\n";
}

std::string details(const shown_difference &shown, const compare::coroutine_change &change) {
  std::string rows, lines;
  for (const compare::level_change &level : change.levels) {
    for (const object_change &object : level.objects)
      if (!object.is_only_moved())
        rows += object_row(level.level, object);
    if (const auto moved = std::ranges::count_if(level.objects, &object_change::is_only_moved))
      lines += "- " + std::to_string(moved) + (moved == 1 ? " object" : " objects") + " only moved at -" + level.level +
               "\n";
    if (level.before && level.after && level.before->align != level.after->align)
      lines += "- align " + both(level.before->align, level.after->align) + " at -" + level.level + "\n";
  }
  if (change.is_renamed)
    lines += "- was " + markdown_code(shown.before.coroutines.at(change.before->value).name) + "\n";
  for (const compare::point_change &point : change.points)
    lines += "- " + markdown_text(point_phrase(shown, change, point)) + "\n";
  for (const compare::call_change &call : change.calls)
    lines += "- " + markdown_text(call_phrase(shown, call)) + "\n";
  for (const compare::hazard_change &hazard : change.hazards)
    lines += "- " + markdown_text(hazard_phrase(shown, hazard)) + "\n";
  if (rows.empty() && lines.empty())
    return "";
  std::string text = "\n<details><summary><code>" + html_text(coroutine_of(shown, change).name) + "</code> " +
                     html_text(place_of(shown, change)) + "</summary>\n\n";
  if (!rows.empty())
    text += "| level | | object | type | offset | bytes |\n|---|---|---|---|--:|--:|\n" + rows + "\n";
  return text + lines + (lines.empty() ? "" : "\n") + "</details>\n";
}

std::string all_details(const shown_difference &shown, std::size_t room) {
  std::string text;
  std::size_t left_out = 0;
  for (const compare::coroutine_change &change : shown.difference.coroutines) {
    const std::string own = details(shown, change);
    if (text.size() + own.size() <= room)
      text += own;
    else
      ++left_out;
  }
  return left_out == 0 ? text : text + "\nThe details of " + std::to_string(left_out) + " are left out here.\n";
}

} // namespace

std::string diff_markdown(const compare::difference &difference, const report &before, const report &after) {
  const shown_difference shown{difference, before, after};
  std::string text = "**coroscope:** " + summary(shown) + "\n";
  if (const std::string said = note(shown); !said.empty())
    text += "\n_" + said + "_\n";
  for (const compare::call_change &call : difference.calls)
    text += "\n- " + markdown_text(call_phrase(shown, call)) + " in " +
            markdown_code((call.after ? *call.after : *call.before).caller);
  for (const compare::hazard_change &hazard : difference.hazards)
    text += "\n- " + markdown_text(hazard_phrase(shown, hazard));
  if (!difference.calls.empty() || !difference.hazards.empty())
    text += "\n";
  if (difference.coroutines.empty())
    return text;
  text += "\n" + overview(shown);
  return text + all_details(shown, text_limit - std::min(text_limit, text.size()));
}

} // namespace coroscope::render
