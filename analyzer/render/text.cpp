// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/text.h"

#include "model/point_label.h"
#include "render/frame_text.h"
#include "render/phrases.h"
#include "render/table.h"
#include "render/words.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace coroscope::render {
namespace {

using enum table::align;

std::string indices_of(const level_lowering &lowering, suspend_point_id point) {
  const auto known = std::ranges::find(lowering.points, point, &lowered_point::point);
  if (known == lowering.points.end())
    return "-";
  std::string text;
  for (const std::uint32_t index : known->indices)
    text += (text.empty() ? "" : ",") + std::to_string(index);
  return text;
}

std::string points_text(const report &report, const coroutine &coroutine) {
  std::vector<table::align> columns = {left, left, left, left, left, left};
  std::vector<std::string> head = {"point", "kind", "at", "expression", "awaiter", "suspends"};
  for (const level_lowering &lowering : coroutine.lowerings) {
    columns.push_back(right);
    head.push_back("index " + lowering.level);
  }
  table points(columns);
  points.add(head);
  for (std::uint32_t i = 0; i < coroutine.suspend_points.size(); ++i) {
    const suspend_point &point = coroutine.suspend_points[i];
    std::vector<std::string> row = {point_label(coroutine, suspend_point_id{i}),
                                    std::string(word(point.kind)),
                                    at(report, point.where, coroutine),
                                    one_line(point.expression),
                                    point.awaiter_type,
                                    std::string(word(point.returns))};
    for (const level_lowering &lowering : coroutine.lowerings)
      row.push_back(indices_of(lowering, {i}));
    points.add(row);
  }
  return points.text("  ");
}

std::string lowering_text(const report &report, const coroutine &coroutine, const level_lowering &lowering,
                          bool with_members) {
  std::string text = "  -" + lowering.level + ": ";
  text += lowering.frame ? "frame " + std::to_string(lowering.frame->size) + " bytes, align " +
                               std::to_string(lowering.frame->align)
                         : "no frame";
  text += "\n" + frame_text(report, coroutine, lowering, with_members);
  table functions({left, left});
  for (const lowered_function &function : lowering.functions)
    functions.add({std::string(word(function.kind)), function.symbol});
  text += functions.text("    ");
  for (const std::string &problem : lowering.problems)
    text += "    problem: " + problem + "\n";
  return text;
}

std::string coroutine_text(const report &report, const coroutine &coroutine, bool with_members) {
  std::string text = coroutine.name + "  " + at(report, coroutine.where, true) + "\n";
  if (!coroutine.template_args.empty()) {
    text += "  instantiated with ";
    for (const std::string &argument : coroutine.template_args)
      text += (&argument == &coroutine.template_args.front() ? "" : ", ") + argument;
    text += "\n";
  }
  text += "  returns " + coroutine.return_type + ", promise " + coroutine.promise.type + " (" +
          std::to_string(coroutine.promise.size) + " bytes)\n\n";
  text += points_text(report, coroutine);
  for (const level_lowering &lowering : coroutine.lowerings)
    text += "\n" + lowering_text(report, coroutine, lowering, with_members);
  return text;
}

} // namespace

std::string text(const report &report, bool with_members) {
  std::string text;
  for (const coroutine &coroutine : report.coroutines)
    text += (text.empty() ? "" : "\n") + coroutine_text(report, coroutine, with_members);
  for (const unit &unit : report.units)
    for (const std::string &note : unit.notes)
      text += "\nnote: " + note + "\n";
  return text;
}

std::string diagnostics_text(const report &report, const unit &unit, bool all) {
  std::string text;
  bool shown = true;
  for (const diagnostic &diagnostic : unit.diagnostics) {
    // A note belongs to the diagnostic before it.
    if (diagnostic.level != severity::note)
      shown = all || diagnostic.level >= severity::error;
    if (!shown)
      continue;
    if (diagnostic.place)
      text += at(report, *diagnostic.place, true) + ": ";
    text += std::string(word(diagnostic.level == severity::fatal ? severity::error : diagnostic.level)) + ": " +
            diagnostic.message + "\n";
  }
  return text;
}

} // namespace coroscope::render
