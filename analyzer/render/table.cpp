// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/table.h"

#include <algorithm>

namespace coroscope::render {
namespace {

/// Columns of a terminal: one for each code point, which is right for the Latin text of type and variable names.
std::size_t width(const std::string &text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char byte) { return (byte & 0xc0) != 0x80; }));
}

} // namespace

std::string table::text(const std::string &indent) const {
  std::vector<std::size_t> widths(columns_.size());
  for (const std::vector<std::string> &row : rows_)
    for (std::size_t i = 0; i < columns_.size(); ++i)
      widths[i] = std::max(widths[i], width(row[i]));
  std::string text;
  for (const std::vector<std::string> &row : rows_) {
    std::string line = indent;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string padding(widths[i] - width(row[i]), ' ');
      line += columns_[i] == align::right ? padding + row[i] : row[i] + padding;
      if (i + 1 < columns_.size())
        line += "  ";
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

} // namespace coroscope::render
