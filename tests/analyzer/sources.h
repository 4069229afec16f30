// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sources that the analyzer is tested on: every golden and every sample. COROSCOPE_TOPIC=frame keeps those of one
// topic, tests/golden/frame, or of "samples": ctest runs the topics beside each other.
#pragma once

#include "analyze.h"

#include <filesystem>
#include <string>
#include <vector>

namespace coroscope::tests {

std::filesystem::path source_root();

/// Sorted; relative to the source root.
std::vector<std::string> golden_sources();

/// Goldens and samples, but for those that are about what does not compile: tests/golden/errors.
std::vector<std::string> all_sources();

/// The words of each "// coroscope: " line at the top of a golden: a question for the tool.
std::vector<std::vector<std::string>> questions_in(const std::string &source);

/// The flags that a golden asks to be compiled with, else those that `coroscope dis` takes by itself.
std::vector<std::string> flags_of(const std::string &source);

/// Analyses as `coroscope dis` does, with the working directory at the source root, each source once. Requires that the
/// file compiles.
const report &analyzed(const std::string &source);

/// The same at -O1, -O3, -Os and -Oz; anew at each call.
report analyzed_at_the_other_levels(const std::string &source);

} // namespace coroscope::tests
