// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/text.h"

#include "model/point_label.h"
#include "render/absent_text.h"
#include "render/elision_text.h"
#include "render/hazard_text.h"
#include "render/phrases.h"
#include "render/points_text.h"
#include "render/promise_text.h"
#include "render/table.h"
#include "render/words.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace coroscope::render {
namespace {

using enum table::align;

/// The points that the value lives across: "S1 S2", "all"; "-O0 keeps it" where none but the level needs it.
std::string across(const coroutine &coroutine, const level_lowering &lowering, const resident &resident) {
  std::string text;
  std::size_t count = 0;
  for (const why &why : resident.reasons)
    if (why.reason != keep_reason::always) {
      text += (text.empty() ? "" : " ") + point_label(coroutine, why.across);
      ++count;
    }
  if (count == 0)
    return resident.reasons.empty() ? "" : "-" + lowering.level + " keeps it";
  return count == coroutine.suspend_points.size() ? "all" : text;
}

void add_field(const report &report, const coroutine &coroutine, const level_lowering &lowering, const field &field,
               table &fields) {
  std::vector<std::string> head = {std::to_string(field.offset), std::to_string(field.size),
                                   std::string(word(field.kind))};
  if (field.residents.empty())
    fields.add({head[0], head[1], head[2], "", "", "", ""});
  for (const resident &resident : field.residents) {
    fields.add({head[0], head[1], head[2], resident.name, resident.type.value_or(""),
                resident.where ? at(report, *resident.where, coroutine) : "", across(coroutine, lowering, resident)});
    head = {"", "", ""}; // values that share a slot follow each other
  }
}

std::string frame_text(const report &report, const coroutine &coroutine, const level_lowering &lowering) {
  if (!lowering.frame)
    return "";
  table fields({right, right, left, left, left, left, left});
  fields.add({"offset", "size", "kind", "resident", "type", "at", "lives across"});
  for (const field &field : lowering.frame->fields)
    add_field(report, coroutine, lowering, field, fields);
  return fields.text("    ");
}

std::string lowering_text(const report &report, const coroutine &coroutine, const level_lowering &lowering) {
  std::string text = "  -" + lowering.level + ": ";
  text += lowering.frame ? "frame " + std::to_string(lowering.frame->size) + " bytes, align " +
                               std::to_string(lowering.frame->align)
                         : "no frame";
  text += "\n" + frame_text(report, coroutine, lowering);
  text += absent_text(report, coroutine, lowering);
  table functions({left, left});
  for (const lowered_function &function : lowering.functions)
    functions.add({std::string(word(function.kind)), function.symbol});
  text += functions.text("    ");
  for (const std::string &problem : lowering.problems)
    text += "    problem: " + problem + "\n";
  return text;
}

std::string coroutine_text(const report &report, const coroutine &coroutine) {
  std::string text = coroutine.name + "  " + at(report, coroutine.where, true) + "\n";
  if (!coroutine.template_args.empty()) {
    text += "  instantiated with ";
    for (const std::string &argument : coroutine.template_args)
      text += (&argument == &coroutine.template_args.front() ? "" : ", ") + argument;
    text += "\n";
  }
  text += "  returns " + coroutine.return_type + ", promise " + coroutine.promise.type + " (" +
          std::to_string(coroutine.promise.size) + " bytes)\n\n";
  text += promise_text(report, coroutine) + "\n";
  if (const std::string parameters = parameters_text(report, coroutine); !parameters.empty())
    text += parameters + "\n";
  text += points_text(report, coroutine);
  for (const level_lowering &lowering : coroutine.lowerings)
    text += "\n" + lowering_text(report, coroutine, lowering);
  return text;
}

} // namespace

std::string text(const report &report) {
  std::string text;
  for (std::uint32_t i = 0; i < report.coroutines.size(); ++i) {
    text += (text.empty() ? "" : "\n") + coroutine_text(report, report.coroutines[i]);
    text += elisions_text(report, coroutine_id{i});
    text += hazards_text(report, coroutine_id{i});
  }
  text += other_elisions_text(report);
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
