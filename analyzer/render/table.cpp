// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/table.h"

#include <algorithm>
#include <string_view>

namespace coroscope::render {
namespace {

/// Columns of a terminal: one for each code point, which is right for the Latin text of type and variable names.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char byte) { return (byte & 0xc0) != 0x80; }));
}

} // namespace

void table::add(const std::vector<std::string> &cells) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    cells_ += cells[i];
    ends_.push_back(cells_.size());
    widths_[i] = std::max(widths_[i], width(cells[i]));
  }
}

std::string table::text(const std::string &indent) const {
  std::string text;
  std::size_t begin = 0;
  for (std::size_t first = 0; first < ends_.size(); first += columns_.size()) {
    text += indent;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string_view cell = std::string_view(cells_).substr(begin, ends_[first + i] - begin);
      const std::size_t padding = widths_[i] - width(cell);
      begin = ends_[first + i];
      text.append(columns_[i] == align::right ? padding : 0, ' ').append(cell);
      if (i + 1 < columns_.size())
        text.append((columns_[i] == align::right ? 0 : padding) + 2, ' ');
    }
    text.resize(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

} // namespace coroscope::render
