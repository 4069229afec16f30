// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the tool says on stderr, and its exit codes.
#pragma once

#include <string>

namespace coroscope::tool {

enum exit_code {
  success = 0,
  differs = 1,           ///< a limit is broken, or reports differ where that was asked for
  environment_error = 2, ///< usage, a missing file or tool, nothing to show
  source_error = 3,      ///< the user's source does not compile
};

/// "coroscope: error: …" Returns environment_error, to be returned from main.
int fail(const std::string &message);

/// Writes `output` to stdout, whole; returns success, or fails.
int print(const std::string &output);

/// "coroscope: …"
void say(const std::string &message);

/// A progress line: on a terminal it stands until the next thing is said.
void progress(const std::string &what);

} // namespace coroscope::tool
