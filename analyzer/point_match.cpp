// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "point_match.h"

#include <algorithm>

namespace coroscope {
namespace {

using frontend::coroutine_facts;
using lowering::lowered_suspend;

/// How well a point of the source fits one of the IR; 0 not at all.
int fit(const coroutine_facts &facts, const lowered_suspend &suspend, std::size_t point) {
  const suspend_point &candidate = facts.value.suspend_points[point];
  if (candidate.kind != suspend.kind)
    return 0;
  if (suspend.kind == suspend_kind::initial || suspend.kind == suspend_kind::final)
    return 1;
  const bool same_place = suspend.where && suspend.where->where == facts.keys[point].where;
  const bool same_awaiter = suspend.await_suspend == facts.keys[point].await_suspend;
  return same_place && same_awaiter ? 3 : same_place ? 2 : 0;
}

} // namespace

matched_points match_points(const coroutine_facts &facts, const std::vector<lowered_suspend> &suspends) {
  matched_points result;
  std::vector<bool> taken(facts.value.suspend_points.size());
  for (const lowered_suspend &suspend : suspends) {
    int best = 0;
    std::size_t chosen = 0;
    for (std::size_t point = 0; point < taken.size(); ++point)
      if (const int quality = taken[point] ? 0 : fit(facts, suspend, point); quality > best) {
        best = quality;
        chosen = point;
      }
    if (best == 0) {
      result.problems.push_back("suspend number " + std::to_string(suspend.ordinal) +
                                " of the IR matches no suspend point of the source");
      continue;
    }
    taken[chosen] = true;
    const suspend_point_id id{static_cast<std::uint32_t>(chosen)};
    result.points.push_back(
        {.point = id, .ordinal = suspend.ordinal, .indices = suspend.indices, .transfer = suspend.transfer});
    result.by_ordinal[suspend.ordinal] = id;
  }
  std::ranges::sort(result.points, {}, &lowered_point::point);
  return result;
}

} // namespace coroscope
