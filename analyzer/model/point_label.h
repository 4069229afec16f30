// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a reader calls a suspend point, in every output alike.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope {

/// "S0", "S1", … by source order; "F" for the final point.
inline std::string point_label(suspend_kind kind, std::uint32_t number) {
  return kind == suspend_kind::final ? "F" : "S" + std::to_string(number);
}

/// Of a point of `coroutine`.
inline std::string point_label(const coroutine &coroutine, suspend_point_id point) {
  return point_label(coroutine.suspend_points.at(point.value).kind, point.value);
}

} // namespace coroscope
