// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a report says of a unit as a whole.
#pragma once

#include "model/report.h"

#include <algorithm>

namespace coroscope {

/// Whether the unit has no lowering, because the compiler rejected it or did not come to its end.
inline bool failed(const unit &unit) {
  return std::ranges::any_of(unit.diagnostics, [](const diagnostic &diagnostic) {
    return diagnostic.level == severity::error || diagnostic.level == severity::fatal;
  });
}

} // namespace coroscope
