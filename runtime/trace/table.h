// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which coroutines an instrumented unit declares.
//
//   JSON of a table block --read_table()--> unit_table { level, coroutines by index }
#pragma once

#include "reader.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroscope::trace {

struct unit_table {
  std::string level;    ///< empty where not known
  std::string compiler; ///< empty where not known
  /// By index; absent where the unit has no such coroutine any more.
  std::vector<std::optional<recorded_coroutine>> coroutines;
};

/// Nothing if `json` is not a table. Members that are missing or of another type count as not known.
std::optional<unit_table> read_table(std::string_view json);

} // namespace coroscope::trace
