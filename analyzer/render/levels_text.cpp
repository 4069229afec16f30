// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/levels_text.h"

#include "compare/levels.h"
#include "model/point_label.h"
#include "render/phrases.h"
#include "render/table.h"
#include "render/words.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace coroscope::render {
namespace {

using compare::level_column;
using compare::level_row;
using enum table::align;

std::string_view word_of(compare::verdict verdict) {
  static constexpr std::string_view words[] = {"stays", "moves", "appears", "goes"};
  return words[static_cast<std::size_t>(verdict)];
}

void append(std::string &list, const std::string &item, std::string_view separator) {
  if (!item.empty())
    list += (list.empty() ? "" : std::string(separator)) + item;
}

template <class Items> std::string listed(const Items &items, std::string_view separator, auto text_of) {
  std::string list;
  for (const auto &item : items)
    append(list, text_of(item), separator);
  return list;
}

std::string size_text(const level_column &column, const level_column &first) {
  if (!column.size)
    return "no frame";
  std::string text = std::to_string(*column.size) + " bytes";
  if (first.size && *first.size != *column.size)
    text += " (" + signed_number(*first.size, *column.size) + ")";
  return text;
}

std::string calls_text(const report &report, const coroutine &coroutine, const level_column &column) {
  const auto elided = std::ranges::count_if(column.calls, &elision::is_elided);
  std::string text = std::to_string(elided) + " of " + std::to_string(column.calls.size());
  std::string names;
  for (const elision &call : column.calls)
    if (call.is_elided)
      append(names, call.callee + (call.call ? " " + at(report, *call.call, coroutine) : ""), ", ");
  return names.empty() ? text : text + ": " + names;
}

/// The facts of the whole frame, a column a level; a fact that no level has is left out.
std::string columns_text(const report &report, const coroutine &coroutine, const std::vector<level_column> &levels) {
  table facts(std::vector(levels.size() + 1, left));
  const auto add = [&](const std::string &fact, auto text_of) {
    std::vector<std::string> row = {fact};
    for (const level_column &level : levels)
      row.push_back(text_of(level));
    if (std::ranges::any_of(row.begin() + 1, row.end(), [](const std::string &cell) { return !cell.empty(); }))
      facts.add(row);
  };
  const auto number = [](const std::optional<std::uint64_t> &value) { return value ? std::to_string(*value) : ""; };
  add("", [](const level_column &level) { return "-" + level.level; });
  add("frame", [&](const level_column &level) { return size_text(level, levels.front()); });
  add("align", [&](const level_column &level) { return number(level.align); });
  add("padding", [&](const level_column &level) { return number(level.padding); });
  add("folded away", [&](const level_column &level) { return point_labels(coroutine, level.folded); });
  add("copied", [&](const level_column &level) {
    return listed(level.copied, " ", [&](const lowered_point &point) {
      return point_label(coroutine, point.point) + " x" + std::to_string(point.indices.size());
    });
  });
  if (std::ranges::any_of(levels, [](const level_column &level) { return !level.calls.empty(); }))
    add("calls elided", [&](const level_column &level) { return calls_text(report, coroutine, level); });
  return facts.text("  ");
}

std::string absence_text(const coroutine &coroutine, const absent_variable &variable) {
  const std::string &detail = variable.detail;
  switch (variable.reason) {
  case absence::dead_before_suspend:
    return variable.before ? "dead before " + point_label(coroutine, *variable.before) : "lives across no suspend";
  case absence::constant:
    return detail.empty() ? "constant" : "constant " + detail;
  case absence::rematerialised:
    return detail.empty() ? "computed again" : "computed again: " + detail;
  case absence::optimised_out:
    return detail.empty() ? "debug info does not follow it" : "computed from what is kept: " + detail;
  case absence::part_of_another:
    return detail.empty() ? "kept under another name" : "kept as " + detail;
  case absence::not_automatic:
    return "static or thread storage";
  }
  return "";
}

std::string points_of(const coroutine &coroutine, const std::vector<why> &reasons) {
  return point_labels(coroutine, points_across(reasons));
}

/// Why an object that the level before has is not in the frame of `column`; "" where the facts do not tell.
std::string gone_text(const coroutine &coroutine, const compare::object &before, const level_row &row,
                      const std::vector<level_column> &levels, std::size_t column) {
  if (const auto &variable = row.absent[column])
    return absence_text(coroutine, *variable);
  if (!levels[column].size || before.reasons.empty())
    return "";
  const std::vector<suspend_point_id> &folded = levels[column].folded;
  const std::vector<suspend_point_id> across = points_across(before.reasons);
  if (!across.empty() && std::ranges::includes(folded, across))
    return points_of(coroutine, before.reasons) + (across.size() == 1 ? " is" : " are") + " folded away";
  const bool only_kept =
      std::ranges::all_of(before.reasons, [](const why &why) { return why.reason == keep_reason::always; });
  return only_kept ? "-" + levels[column - 1].level + " keeps every local" : "";
}

std::string new_text(const coroutine &coroutine, const compare::object &object) {
  if (object.frame_of)
    return "elided frame of " + *object.frame_of;
  const std::string points = points_of(coroutine, object.reasons);
  return points.empty() ? "" : "lives across " + points;
}

/// With whom the object shares its slot, and at which levels.
std::string sharing_text(const level_row &row, const std::vector<level_column> &levels) {
  std::vector<std::pair<std::string, std::string>> sharers; // names, levels
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (!row.at[i] || row.at[i]->sharing.empty())
      continue;
    const std::string names = listed(row.at[i]->sharing, ", ", std::identity());
    const auto known = std::ranges::find(sharers, names, [](const auto &pair) { return pair.first; });
    append((known == sharers.end() ? sharers.emplace_back(names, "") : *known).second, "-" + levels[i].level, ", ");
  }
  return listed(sharers, "; ",
                [](const auto &pair) { return "shares its slot with " + pair.first + " at " + pair.second; });
}

std::string reason_text(const coroutine &coroutine, const level_row &row, const std::vector<level_column> &levels) {
  std::string text;
  for (std::size_t i = 1; i < levels.size(); ++i) {
    if (row.at[i - 1] && !row.at[i])
      append(text, gone_text(coroutine, *row.at[i - 1], row, levels, i), "; ");
    if (!row.at[i - 1] && row.at[i])
      append(text, new_text(coroutine, *row.at[i]), "; ");
  }
  append(text, sharing_text(row, levels), "; ");
  const bool only_moves =
      text.empty() && std::ranges::find(row.verdicts, compare::verdict::moves) != row.verdicts.end();
  return only_moves ? "what lies before it differs" : text;
}

std::string rows_text(const report &report, const coroutine &coroutine, const compare::level_comparison &comparison) {
  std::vector<table::align> columns;
  std::vector<std::string> head;
  for (const level_column &level : comparison.levels) {
    columns.insert(columns.end(), {right, right});
    head.insert(head.end(), {"-" + level.level + " offset", "size"});
  }
  columns.insert(columns.end(), {left, left, left, left, left});
  head.insert(head.end(), {"", "resident", "type", "at", "why"});
  table rows(columns);
  rows.add(head);
  for (const level_row &row : comparison.rows) {
    std::vector<std::string> cells;
    for (const auto &object : row.at)
      cells.insert(cells.end(),
                   {object ? std::to_string(object->offset) : "-", object ? std::to_string(object->size) : "-"});
    const compare::object &known = row.known();
    cells.insert(cells.end(), {listed(row.verdicts, ", ", [](auto verdict) { return std::string(word_of(verdict)); }),
                               known.name.empty() ? std::string(word(known.kind)) : known.name, known.type.value_or(""),
                               known.where ? at(report, *known.where, coroutine) : "",
                               reason_text(coroutine, row, comparison.levels)});
    rows.add(cells);
  }
  return rows.text("  ");
}

std::string coroutine_text(const report &report, coroutine_id id, const std::vector<std::string> &levels) {
  const coroutine &coroutine = report.coroutines.at(id.value);
  const compare::level_comparison comparison = compare::compare_levels(report, id, levels);
  std::string text = coroutine.name + "  " + at(report, coroutine.where, true) + "\n";
  text += columns_text(report, coroutine, comparison.levels);
  for (const level_column &level : comparison.levels)
    for (const std::string &problem : level.problems)
      text += "  problem at -" + level.level + ": " + problem + "\n";
  return comparison.rows.empty() ? text : text + "\n" + rows_text(report, coroutine, comparison);
}

} // namespace

std::string levels_text(const report &report, const std::vector<std::string> &levels) {
  std::string text;
  for (std::uint32_t i = 0; i < report.coroutines.size(); ++i)
    text += (text.empty() ? "" : "\n") + coroutine_text(report, {i}, levels);
  return text;
}

} // namespace coroscope::render
