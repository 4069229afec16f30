// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lowered view and the listings as text, with the lines of the source in the margin.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

/// The body as the compiler sees it; "+" marks what the language adds.
std::string lowered_text(const coroutine &coroutine);

/// The IR of each level, before the split and after it.
std::string ir_text(const coroutine &coroutine);

/// The machine code of each level's functions, with their stack use.
std::string assembly_text(const coroutine &coroutine);

} // namespace coroscope::render
