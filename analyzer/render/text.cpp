// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/text.h"

#include "model/point_label.h"
#include "render/absent_text.h"
#include "render/elision_text.h"
#include "render/frame_text.h"
#include "render/hazard_text.h"
#include "render/lowered_text.h"
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

std::string lowering_text(const report &report, const coroutine &coroutine, const level_lowering &lowering,
                          bool with_members) {
  std::string text = "  -" + lowering.level + ": ";
  text += lowering.frame ? "frame " + std::to_string(lowering.frame->size) + " bytes, align " +
                               std::to_string(lowering.frame->align)
                         : "no frame";
  text += "\n" + frame_text(report, coroutine, lowering, with_members);
  text += absent_text(report, coroutine, lowering);
  table functions({left, left});
  for (const lowered_function &function : lowering.functions)
    functions.add({std::string(word(function.kind)), function.symbol});
  text += functions.text("    ");
  for (const std::string &problem : lowering.problems)
    text += "    problem: " + problem + "\n";
  return text;
}

std::string heading(const report &report, const coroutine &coroutine) {
  return coroutine.name + "  " + at(report, coroutine.where, true) + "\n";
}

std::string long_text(const report &report, const coroutine &coroutine, const text_options &wanted) {
  std::string text = heading(report, coroutine);
  if (wanted.lowered)
    text += "\n" + lowered_text(coroutine);
  if (wanted.ir)
    text += ir_text(coroutine);
  if (wanted.assembly)
    text += assembly_text(coroutine);
  return text;
}

std::string coroutine_text(const report &report, const coroutine &coroutine, bool with_members) {
  std::string text = heading(report, coroutine);
  if (!coroutine.template_args.empty()) {
    text += "  instantiated with ";
    for (const std::string &argument : coroutine.template_args)
      text += (&argument == &coroutine.template_args.front() ? "" : ", ") + argument;
    text += "\n";
  }
  text += "  returns " + coroutine.return_type + ", promise " + coroutine.promise.type + " (" +
          std::to_string(coroutine.promise.size) + (coroutine.promise.size == 1 ? " byte)" : " bytes)") + "\n\n";
  text += promise_text(report, coroutine) + "\n";
  if (const std::string parameters = parameters_text(report, coroutine); !parameters.empty())
    text += parameters + "\n";
  text += points_text(report, coroutine);
  for (const level_lowering &lowering : coroutine.lowerings)
    text += "\n" + lowering_text(report, coroutine, lowering, with_members);
  return text;
}

} // namespace

std::string text(const report &report, const text_options &wanted) {
  const bool is_long = wanted.lowered || wanted.ir || wanted.assembly;
  std::string text;
  for (std::uint32_t i = 0; i < report.coroutines.size(); ++i) {
    text += text.empty() ? "" : "\n";
    if (is_long) {
      text += long_text(report, report.coroutines[i], wanted);
      continue;
    }
    text += coroutine_text(report, report.coroutines[i], wanted.members);
    text += elisions_text(report, coroutine_id{i});
    text += hazards_text(report, coroutine_id{i});
  }
  if (!is_long)
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
