// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/diff_phrases.h"

#include "model/one_line.h"
#include "model/point_label.h"
#include "render/phrases.h"
#include "render/words.h"

#include <algorithm>

namespace coroscope::render {
namespace {

std::string bytes_more(std::int64_t growth) {
  return (growth < 0 ? "" : "+") + std::to_string(growth) + (growth == 1 || growth == -1 ? " byte" : " bytes");
}

std::string count(std::size_t number, const std::string &what) {
  return number == 0 ? "" : ", " + std::to_string(number) + " " + what;
}

/// The growth of all frames at each level where there is any; new and gone coroutines count.
std::string growth_text(const compare::difference &difference) {
  std::string text;
  for (std::size_t i = 0; i < difference.levels.size(); ++i) {
    std::int64_t growth = 0;
    for (const compare::coroutine_change &change : difference.coroutines)
      growth += change.levels[i].growth();
    if (growth != 0)
      text += (text.empty() ? "; frames " : ", ") + bytes_more(growth) + " at -" + difference.levels[i];
  }
  return text;
}

std::string levels_list(const std::vector<std::string> &levels) {
  std::string text;
  for (const std::string &level : levels)
    text += (text.empty() ? "-" : ", -") + level;
  return text;
}

std::string expression_of(const coroutine &coroutine, suspend_point_id point, const report &report) {
  const suspend_point &of = coroutine.suspend_points.at(point.value);
  return one_line(of.expression) + " (" + point_label(coroutine, point) + ", " + at(report, of.where, coroutine) + ")";
}

std::string fold_text(const compare::point_change::fold &fold) {
  const std::string level = " at -" + fold.level;
  if (fold.after == 0)
    return "is folded away" + level;
  if (fold.before == 0)
    return "is no longer folded away" + level;
  return "stands " + std::to_string(fold.after) + " times instead of " + std::to_string(fold.before) + level;
}

} // namespace

const coroutine &coroutine_of(const shown_difference &shown, const compare::coroutine_change &change) {
  return change.after ? shown.after.coroutines.at(change.after->value)
                      : shown.before.coroutines.at(change.before->value);
}

std::string place_of(const shown_difference &shown, const compare::coroutine_change &change) {
  return at(change.after ? shown.after : shown.before, coroutine_of(shown, change).where, true);
}

std::string summary(const shown_difference &shown) {
  const compare::difference &difference = shown.difference;
  std::size_t added = 0, removed = 0;
  for (const compare::coroutine_change &change : difference.coroutines) {
    added += change.before ? 0 : 1;
    removed += change.after ? 0 : 1;
  }
  const std::size_t in_both = difference.unchanged + difference.coroutines.size() - added - removed;
  if (!difference.is_any())
    return "no coroutine changed (" + std::to_string(in_both) + " compared at " + levels_list(difference.levels) + ")";
  const std::size_t changed = difference.coroutines.size() - added - removed;
  std::string text = std::to_string(changed) + " of " + std::to_string(in_both) + " coroutines changed";
  return text + count(added, "new") + count(removed, "gone") + growth_text(difference);
}

std::string note(const shown_difference &shown) {
  const compare::difference &difference = shown.difference;
  std::string text;
  if (difference.levels.empty())
    text = "the reports have no level in common: ";
  if (!difference.only_before.empty())
    text += "only the first has " + levels_list(difference.only_before);
  if (!difference.only_after.empty())
    text += (difference.only_before.empty() ? "only the second has " : ", only the second ") +
            levels_list(difference.only_after);
  return text;
}

std::string size_change(const compare::level_change &level, const std::string &arrow) {
  const auto size = [](const std::optional<compare::frame_shape> &shape) {
    return shape ? std::to_string(shape->size) : "none";
  };
  if (!level.before && !level.after)
    return "none";
  if (level.before && level.after && level.before->size == level.after->size)
    return size(level.after);
  std::string text = size(level.before) + " " + arrow + " " + size(level.after);
  return level.before && level.after ? text + " (" + signed_number(level.before->size, level.after->size) + ")" : text;
}

std::string object_name(const compare::object &object) {
  return object.name.empty() ? std::string(word(object.kind)) : object.name;
}

std::string point_phrase(const shown_difference &shown, const compare::coroutine_change &change,
                         const compare::point_change &point) {
  if (!point.before)
    return "suspend point added: " +
           expression_of(shown.after.coroutines.at(change.after->value), *point.after, shown.after);
  const coroutine &before = shown.before.coroutines.at(change.before->value);
  if (!point.after)
    return "suspend point removed: " + expression_of(before, *point.before, shown.before);
  const coroutine &after = shown.after.coroutines.at(change.after->value);
  std::string text = "suspend point " + expression_of(after, *point.after, shown.after);
  const std::string &old_awaiter = before.suspend_points.at(point.before->value).awaiter_type;
  const std::string &new_awaiter = after.suspend_points.at(point.after->value).awaiter_type;
  std::string what;
  if (compare::without_places(old_awaiter) != compare::without_places(new_awaiter))
    what = " awaits " + new_awaiter + ", not " + old_awaiter + " any more";
  for (const compare::point_change::fold &fold : point.folds)
    what += (what.empty() ? " " : ", ") + fold_text(fold);
  return text + what;
}

std::string call_phrase(const shown_difference &shown, const compare::call_change &call) {
  const report &report = call.after ? shown.after : shown.before;
  const elision &known = call.after ? *call.after : *call.before;
  const std::string place = known.call ? ", " + at(report, *known.call, true) : "";
  const std::string because = known.reason.empty() ? "" : ": " + known.reason;
  if (!call.after)
    return "a call of " + known.callee + " is gone" + place + ": it was " + (known.is_elided ? "" : "not ") +
           "elided at -" + known.level;
  if (!call.before)
    return "new call of " + known.callee + place + ": it is " + (known.is_elided ? "" : "not ") + "elided at -" +
           known.level + because;
  return "elision of " + known.callee + (call.is_gained() ? " gained" : " lost") + " at -" + known.level + place +
         (known.is_elided ? "" : because);
}

std::string hazard_phrase(const shown_difference &shown, const compare::hazard_change &change) {
  const hazard &known = change.after ? *change.after : *change.before;
  if (change.after)
    return "new hazard " + known.name + " at " + at(shown.after, known.where, true) + ": " + known.message;
  return "hazard " + known.name + " is gone: " + known.message;
}

} // namespace coroscope::render
