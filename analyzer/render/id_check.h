// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether every id of a report points to something in it.
#pragma once

#include "model/report.h"

#include <optional>
#include <string>

namespace coroscope::render {

/// The member that holds the first id that points nowhere ("/coroutines/3/range/file"); absent where all is well.
std::optional<std::string> dangling_id(const report &report);

} // namespace coroscope::render
