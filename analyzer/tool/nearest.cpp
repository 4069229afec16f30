// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/nearest.h"

#include <algorithm>

namespace coroscope::tool {

std::size_t distance(const std::string &from, const std::string &to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (from[i - 1] == to[j - 1] ? 0u : 1u)});
      diagonal = above;
    }
  }
  return row[to.size()];
}

std::vector<std::string> nearest(const std::string &word, std::vector<std::string> known, std::size_t count) {
  std::ranges::sort(known, {}, [&](const std::string &name) { return std::pair(distance(word, name), name); });
  known.resize(std::min(known.size(), count));
  return known;
}

} // namespace coroscope::tool
