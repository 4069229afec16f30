// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "advice.h"

#include "model/point_label.h"

#include <algorithm>

namespace coroscope {
namespace {

/// The object of a structured binding lives as its parts do, what a range-for declares by itself as long as the loop.
bool has_own_scope(const std::string &name) { return !name.starts_with('[') && !name.contains(" (__"); }

bool needs_only_its_scope(const why &reason) {
  const bool is_scope = reason.use && (reason.use->what.starts_with("the scope of ") ||
                                       (reason.use->what.starts_with("~") && reason.use->what.ends_with(" runs")));
  // Where its life begins again behind the suspend, the split keeps it at one address through all of its lives.
  return reason.definition && !reason.repeats && (reason.reason != keep_reason::crosses || is_scope);
}

bool is_passed(const why &reason) {
  return reason.definition && reason.definition->what.starts_with("the caller passes");
}

} // namespace

std::optional<std::string> advice_for(const coroutine &coroutine, const resident &resident) {
  const std::vector<why> &reasons = resident.reasons;
  if (resident.kind != field_kind::local || !has_own_scope(resident.name))
    return std::nullopt;
  const std::vector<suspend_point_id> points = points_across(reasons);
  if (points.empty() || !std::ranges::all_of(reasons, needs_only_its_scope) || std::ranges::any_of(reasons, is_passed))
    return std::nullopt;
  const suspend_point &first = coroutine.suspend_points.at(points.front().value);
  if (first.where.file != coroutine.where.file || !resident.where ||
      resident.where->begin.line >= first.where.begin.line)
    return std::nullopt;
  const bool escapes = std::ranges::find(reasons, keep_reason::escapes, &why::reason) != reasons.end();
  return "it would leave the frame if its scope ended before line " + std::to_string(first.where.begin.line) +
         (escapes ? ", which is safe only where nobody keeps its address" : "");
}

} // namespace coroscope
