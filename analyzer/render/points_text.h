// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The suspend points of a coroutine: a table of them, and below it what each awaits by and what destroy() runs there.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

std::string points_text(const report &report, const coroutine &coroutine);

} // namespace coroscope::render
