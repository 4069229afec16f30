// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a report writes source text that may stand on several lines.
#pragma once

#include <string>
#include <string_view>

namespace coroscope {

/// `text` with each run of white space as one space.
inline std::string one_line(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    const bool is_space = letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r';
    if (!is_space)
      result += letter;
    else if (!result.ends_with(' '))
      result += ' ';
  }
  return result;
}

/// As much of `text` on one line as fits, its beginning and its end, since parts of one expression begin alike; "…" for
/// what is between.
inline std::string shortened(std::string_view text, std::size_t most = 48) {
  std::string line = one_line(text);
  if (line.size() <= most)
    return line;
  const auto is_within_a_character = [&](std::size_t at) {
    return (static_cast<unsigned char>(line[at]) & 0xc0) == 0x80;
  };
  std::size_t end = most * 2 / 3;
  while (is_within_a_character(end))
    --end;
  std::size_t begin = line.size() - (most - 1 - end);
  while (begin < line.size() && is_within_a_character(begin))
    ++begin;
  return line.substr(0, end) + "…" + line.substr(begin);
}

} // namespace coroscope
