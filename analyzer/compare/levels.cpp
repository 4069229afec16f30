// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compare/levels.h"

#include "compare/pairing.h"

#include <algorithm>
#include <utility>

namespace coroscope::compare {
namespace {

std::string place_key(const std::optional<range> &where) {
  if (!where)
    return "";
  return std::to_string(where->file.value) + ":" + std::to_string(where->begin.line) + ":" +
         std::to_string(where->begin.column);
}

/// Keys of declining evidence: a declaration has one place, and one name in it.
std::vector<std::string> evidence(const std::string &name, const std::optional<std::string> &type,
                                  const std::optional<range> &where, field_kind kind) {
  if (name.empty())
    return {key_of({std::to_string(static_cast<int>(kind))})};
  return {key_of({name, place_key(where), type.value_or("")}), key_of({name, place_key(where)})};
}

template <class Object> keys keys_of(const std::vector<Object> &objects, std::size_t rank, auto evidence_of) {
  keys found;
  for (const Object &object : objects) {
    const std::vector<std::string> all = evidence_of(object);
    found.push_back(rank < all.size() ? std::optional(all[rank]) : std::nullopt);
  }
  return found;
}

/// The objects of one level take their places in the rows, new rows where there is none.
void add_objects(const std::vector<object> &objects, std::size_t column, std::size_t columns,
                 std::vector<level_row> &rows) {
  const auto of_object = [](const object &object) {
    return evidence(object.name, object.type, object.where, object.kind);
  };
  const auto of_row = [&](const level_row &row) { return of_object(row.known()); };
  pairing pairs(rows.size(), objects.size());
  for (std::size_t rank = 0; rank < 2; ++rank)
    pairs.by_key(keys_of(rows, rank, of_row), keys_of(objects, rank, of_object));
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const std::optional<std::size_t> partner = pairs.after()[i];
    level_row &row = partner
                         ? rows[*partner]
                         : rows.emplace_back(level_row{.at = std::vector<std::optional<object>>(columns),
                                                       .absent = std::vector<std::optional<absent_variable>>(columns),
                                                       .verdicts = {}});
    row.at[column] = objects[i];
  }
}

void add_absences(const level_lowering &lowering, std::size_t column, std::vector<level_row> &rows) {
  const auto of_row = [&](const level_row &row) {
    const object &object = row.known();
    return row.at[column] ? std::vector<std::string>() : evidence(object.name, object.type, object.where, object.kind);
  };
  const auto of_absent = [](const absent_variable &variable) {
    return evidence(variable.name, variable.type, variable.where, field_kind::local);
  };
  pairing pairs(rows.size(), lowering.absent.size());
  for (std::size_t rank = 0; rank < 2; ++rank)
    pairs.by_key(keys_of(rows, rank, of_row), keys_of(lowering.absent, rank, of_absent));
  for (const auto &[row, variable] : pairs.pairs())
    rows[row].absent[column] = lowering.absent[variable];
}

verdict step(const std::optional<object> &before, const std::optional<object> &after) {
  if (!after)
    return verdict::goes;
  if (!before)
    return verdict::appears;
  return before->offset == after->offset ? verdict::stays : verdict::moves;
}

void judge(level_row &row) {
  for (std::size_t i = 1; i < row.at.size(); ++i) {
    if (!row.at[i - 1] && !row.at[i])
      continue;
    const verdict found = step(row.at[i - 1], row.at[i]);
    if (found != verdict::stays && std::ranges::find(row.verdicts, found) == row.verdicts.end())
      row.verdicts.push_back(found);
  }
  if (row.verdicts.empty())
    row.verdicts.push_back(verdict::stays);
}

bool has_code(const level_lowering &lowering, suspend_point_id point) {
  const auto found = std::ranges::find(lowering.points, point, &lowered_point::point);
  return found != lowering.points.end() && !found->indices.empty();
}

level_column column_of(const report &report, coroutine_id id, const std::string &level) {
  const coroutine &coroutine = report.coroutines.at(id.value);
  level_column column{.level = level};
  for (const elision &call : report.elisions)
    if (call.caller_id == id && call.level == level)
      column.calls.push_back(call);
  const level_lowering *lowering = lowering_at(coroutine, level);
  if (!lowering)
    return column;
  column.problems = lowering->problems;
  if (!lowering->frame)
    return column;
  column.size = lowering->frame->size;
  column.align = lowering->frame->align;
  column.padding = padding_in(*lowering->frame);
  for (std::uint32_t i = 0; i < coroutine.suspend_points.size(); ++i) {
    const auto has = [&](const level_lowering &other) { return has_code(other, {i}); };
    if (!has(*lowering) && std::ranges::any_of(coroutine.lowerings, has))
      column.folded.push_back({i});
  }
  std::ranges::copy_if(lowering->points, std::back_inserter(column.copied),
                       [](const lowered_point &point) { return point.indices.size() > 1; });
  return column;
}

} // namespace

const object &level_row::known() const {
  return **std::ranges::find_if(at, [](const auto &object) { return object.has_value(); });
}

level_comparison compare_levels(const report &report, coroutine_id id, const std::vector<std::string> &levels) {
  level_comparison comparison;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    comparison.levels.push_back(column_of(report, id, levels[i]));
    const level_lowering *lowering = lowering_at(report.coroutines.at(id.value), levels[i]);
    if (lowering && lowering->frame)
      add_objects(objects_in(*lowering->frame), i, levels.size(), comparison.rows);
  }
  for (std::size_t i = 0; i < levels.size(); ++i)
    if (const level_lowering *lowering = lowering_at(report.coroutines.at(id.value), levels[i]))
      add_absences(*lowering, i, comparison.rows);
  std::ranges::for_each(comparison.rows, judge);
  std::ranges::sort(comparison.rows, {}, [](const level_row &row) {
    std::vector<std::uint64_t> offsets;
    for (const auto &object : row.at)
      offsets.push_back(object ? object->offset : UINT64_MAX);
    return std::pair(offsets, row.known().name);
  });
  return comparison;
}

std::vector<std::string> levels_of(const report &report) {
  std::vector<std::string> levels;
  for (const coroutine &coroutine : report.coroutines)
    for (const level_lowering &lowering : coroutine.lowerings)
      if (std::ranges::find(levels, lowering.level) == levels.end())
        levels.push_back(lowering.level);
  return levels;
}

} // namespace coroscope::compare
