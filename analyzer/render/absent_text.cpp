// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/absent_text.h"

#include "render/phrases.h"
#include "render/table.h"

namespace coroscope::render {
namespace {

std::string dead_words(const report &report, const coroutine &coroutine, const absent_variable &variable) {
  if (!variable.last_use)
    return variable.detail.empty() ? "nothing uses it" : variable.detail;
  const std::optional<range> &where = variable.last_use->place;
  std::string text =
      "its last use" + (where ? " at " + at(report, *where, coroutine) : "") + " (" + variable.last_use->what + ") ";
  return text + (variable.before ? "comes before " + point_words(report, coroutine, *variable.before) + " can suspend"
                                 : "comes when nothing can suspend any more");
}

} // namespace

std::string absence_words(const report &report, const coroutine &coroutine, const absent_variable &variable) {
  const std::string &detail = variable.detail;
  switch (variable.reason) {
  case absence::dead_before_suspend:
    return dead_words(report, coroutine, variable);
  case absence::constant:
    return "its value is known when compiling" + (detail.empty() ? "" : ": " + detail);
  case absence::rematerialised:
    return "it is computed again after the suspend" + (detail.empty() ? "" : ": " + detail);
  case absence::optimised_out:
    return detail.empty() ? "debug info does not follow it through the optimised code"
                          : "debug info computes it from what the frame keeps: " + detail;
  case absence::part_of_another:
    return "its value is kept as " + detail;
  case absence::not_automatic:
    return "it has " + detail + " storage";
  }
  return "";
}

std::string absent_text(const report &report, const coroutine &coroutine, const level_lowering &lowering) {
  if (lowering.absent.empty())
    return "";
  table rows({table::align::left, table::align::left, table::align::left, table::align::left});
  rows.add({"not in the frame", "type", "at", "because"});
  for (const absent_variable &variable : lowering.absent)
    rows.add({variable.name, variable.type.value_or(""),
              variable.where ? short_at(report, *variable.where, coroutine) : "",
              absence_words(report, coroutine, variable)});
  return rows.text("    ");
}

} // namespace coroscope::render
