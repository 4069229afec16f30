// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/index_text.h"

#include "compare/levels.h"
#include "model/failed.h"
#include "model/one_line.h"
#include "render/phrases.h"
#include "render/table.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

namespace coroscope::render {
namespace {

using enum table::align;

constexpr std::size_t most_of_each = 10;

std::string count_of(std::size_t count, const std::string &what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::optional<std::uint64_t> frame_size(const coroutine &coroutine, std::size_t level) {
  if (level >= coroutine.lowerings.size() || !coroutine.lowerings[level].frame)
    return std::nullopt;
  return coroutine.lowerings[level].frame->size;
}

std::string size_text(std::optional<std::uint64_t> size) { return size ? std::to_string(*size) : "-"; }

using chosen = std::vector<const coroutine *>;

/// The coroutines with the largest `amount` above 0, the largest first.
template <class Amount> chosen largest(const report &report, Amount amount) {
  chosen found;
  for (const coroutine &coroutine : report.coroutines)
    if (amount(coroutine) > 0)
      found.push_back(&coroutine);
  std::ranges::sort(found, {}, [&](const coroutine *each) { return std::tuple(-amount(*each), each); });
  found.resize(std::min(found.size(), most_of_each));
  return found;
}

/// A row a coroutine: its frame at each level, its name and place.
std::string sizes_text(const report &report, const chosen &coroutines) {
  std::vector<table::align> columns;
  std::vector<std::string> head;
  for (const std::string &level : compare::levels_of(report)) {
    columns.push_back(right);
    head.push_back(level);
  }
  columns.insert(columns.end(), {right, left, left});
  head.insert(head.end(), {"points", "coroutine", "at"});
  table rows(columns);
  rows.add(head);
  for (const coroutine *coroutine : coroutines) {
    std::vector<std::string> row;
    for (std::size_t level = 0; level < coroutine->lowerings.size(); ++level)
      row.push_back(size_text(frame_size(*coroutine, level)));
    row.push_back(std::to_string(coroutine->suspend_points.size()));
    row.push_back(coroutine->name +
                  (coroutine->units.size() > 1 ? " (in " + count_of(coroutine->units.size(), "unit") + ")" : ""));
    row.push_back(at(report, coroutine->where, true));
    rows.add(row);
  }
  return rows.text("  ");
}

std::string growth_text(const report &report) {
  const std::vector<std::string> levels = compare::levels_of(report);
  if (levels.size() < 2)
    return "";
  const chosen grown = largest(report, [&](const coroutine &coroutine) {
    const auto before = frame_size(coroutine, 0);
    const auto after = frame_size(coroutine, levels.size() - 1);
    return before && after ? static_cast<std::int64_t>(*after) - static_cast<std::int64_t>(*before) : 0;
  });
  if (grown.empty())
    return "no frame is larger at " + levels.back() + " than at " + levels.front() + "\n\n";
  return "most growth from " + levels.front() + " to " + levels.back() + ":\n" + sizes_text(report, grown) + "\n";
}

/// The calls of the last level whose frame is allocated.
std::string calls_text(const report &report) {
  const std::vector<std::string> levels = compare::levels_of(report);
  table rows({left, left, left, left});
  rows.add({"caller", "calls", "at", "because"});
  std::size_t count = 0;
  for (const elision &elision : report.elisions)
    if (!levels.empty() && elision.level == levels.back() && !elision.is_elided && ++count <= most_of_each)
      rows.add({elision.caller, elision.callee, elision.call ? at(report, *elision.call, true) : "",
                one_line(elision.reason)});
  if (count == 0)
    return "";
  return "calls not elided at " + levels.back() + ": " + std::to_string(count) +
         (count > most_of_each ? ", the first " + std::to_string(most_of_each) : "") + "\n" + rows.text("  ") + "\n";
}

/// Each note once, with the unit, or how many, that it is of.
std::string notes_text(const report &report) {
  std::vector<std::pair<std::string, std::vector<std::string>>> notes; ///< and the files of their units
  std::map<std::string, std::size_t> place;
  for (const unit &unit : report.units)
    for (const std::string &note : unit.notes) {
      const auto [known, is_new] = place.emplace(note, notes.size());
      if (is_new)
        notes.push_back({note, {}});
      notes[known->second].second.push_back(unit.file);
    }
  std::string text;
  for (const auto &[note, files] : notes)
    text += (files.size() == 1 ? files.front() : count_of(files.size(), "unit")) + ": note: " + note + "\n";
  return text.empty() ? "" : "\n" + text;
}

} // namespace

std::string index_text(const report &report) {
  const auto failures = static_cast<std::size_t>(std::ranges::count_if(report.units, failed));
  std::string text = count_of(report.units.size(), "unit") +
                     (failures == 0 ? "" : ", " + std::to_string(failures) + " without a lowering") + ", " +
                     count_of(report.coroutines.size(), "coroutine") + "\n\n";
  if (report.coroutines.empty())
    return text + notes_text(report);
  const std::size_t last = compare::levels_of(report).size() - 1;
  text += "largest frames at " + compare::levels_of(report).back() + ", in bytes:\n" +
          sizes_text(report, largest(report,
                                     [&](const coroutine &coroutine) {
                                       return static_cast<std::int64_t>(frame_size(coroutine, last).value_or(0));
                                     })) +
          "\n" + growth_text(report) + calls_text(report);
  chosen all;
  for (const coroutine &coroutine : report.coroutines)
    all.push_back(&coroutine);
  return text + "all coroutines:\n" + sizes_text(report, all) + notes_text(report);
}

} // namespace coroscope::render
