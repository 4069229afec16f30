// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A whole code base at a glance: where to look first, then a line a coroutine.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

/// `coroscope dis -p BUILD_DIR`: largest frames, frames that grow most from the first level to the last, calls that
/// were not elided at the last; then every coroutine with its frame sizes, and the notes, each once.
std::string index_text(const report &report);

} // namespace coroscope::render
