// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The elision ledger: which calls of coroutines allocate a frame, and why.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

/// The calls in the coroutine; empty where it calls none.
std::string elisions_text(const report &report, coroutine_id caller);

/// The calls in functions that are no coroutines of the report, a table each; empty where there are none.
std::string other_elisions_text(const report &report);

} // namespace coroscope::render
