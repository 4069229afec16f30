// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sources that the analyzer is tested on: every golden and every sample.
#pragma once

#include "analyze.h"

#include <filesystem>
#include <string>
#include <vector>

namespace coroscope::tests {

std::filesystem::path source_root();

/// Sorted; relative to the source root.
std::vector<std::string> golden_sources();

/// Goldens and samples.
std::vector<std::string> all_sources();

/// Analyses as `coroscope dis` does, with the working directory at the source root. Requires that the file compiles.
report analyzed(const std::string &source, std::vector<std::string> levels = {"O0", "O2"});

} // namespace coroscope::tests
