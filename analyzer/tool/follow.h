// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recording that is listed while it is made.
//
//   FILE.corotrace, again and again --> the events that came --> stdout, until the program ends or Ctrl-C
#pragma once

#include "account/selection.h"
#include "model/report.h"

#include <expected>
#include <functional>
#include <string>

namespace coroscope::tool {

/// Makes the selection that the command line asks for, of a run as far as it is known.
using selection_of = std::function<std::expected<event_selection, std::string>(const traced_run &)>;

/// Waits for the file where it is not there yet. Returns the exit code of the tool.
int follow(const std::string &file, const selection_of &wanted);

} // namespace coroscope::tool
