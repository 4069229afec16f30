// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which known words a misspelt one may mean.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace coroscope::tool {

/// The number of letters to change, add or drop to get from one word to the other (Levenshtein).
std::size_t distance(const std::string &from, const std::string &to);

/// Up to `count` of `known`, nearest first.
std::vector<std::string> nearest(const std::string &word, std::vector<std::string> known, std::size_t count);

} // namespace coroscope::tool
