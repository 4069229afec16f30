// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hazards as a compiler prints its warnings.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

/// The hazards of one coroutine; empty where there are none.
std::string hazards_text(const report &report, coroutine_id coroutine);

} // namespace coroscope::render
