// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What would take a variable out of the frame? Said only where the reasons alone tell: where nothing but its
// destructor, or whoever has its address, needs it behind the suspends, a scope that ends before the first of them
// does.
#pragma once

#include "model/report.h"

namespace coroscope {

/// For a resident of `coroutine` whose reasons are known; none where they do not tell.
std::optional<std::string> advice_for(const coroutine &coroutine, const resident &resident);

} // namespace coroscope
