// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the language chose for a coroutine: a line for each function of the promise, and one for each parameter.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

std::string promise_text(const report &report, const coroutine &coroutine);

/// Empty for a coroutine without parameters.
std::string parameters_text(const report &report, const coroutine &coroutine);

} // namespace coroscope::render
