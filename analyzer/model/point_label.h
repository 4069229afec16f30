// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a reader calls a suspend point, in every output alike.
#pragma once

#include "model/report.h"

#include <algorithm>
#include <string>
#include <vector>

namespace coroscope {

/// "S0", "S1", … by source order; "F" for the final point.
inline std::string point_label(suspend_kind kind, std::uint32_t number) {
  return kind == suspend_kind::final ? "F" : "S" + std::to_string(number);
}

/// Of a point of `coroutine`.
inline std::string point_label(const coroutine &coroutine, suspend_point_id point) {
  return point_label(coroutine.suspend_points.at(point.value).kind, point.value);
}

/// "S1 S2 F"
inline std::string point_labels(const coroutine &coroutine, const std::vector<suspend_point_id> &points) {
  std::string text;
  for (const suspend_point_id point : points)
    text += (text.empty() ? "" : " ") + point_label(coroutine, point);
  return text;
}

/// All points that the reasons name, ascending.
inline std::vector<suspend_point_id> points_across(const std::vector<why> &reasons) {
  std::vector<suspend_point_id> points;
  for (const why &one : reasons)
    points.insert(points.end(), one.across.begin(), one.across.end());
  std::ranges::sort(points);
  return points;
}

} // namespace coroscope
