// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What `coroscope --help` and `coroscope COMMAND --help` print.
#pragma once

#include <string>

namespace coroscope::tool {

/// Of the tool where `command` is ""; "" for a command there is not.
std::string help_text(const std::string &command);

} // namespace coroscope::tool
