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

/// As much of `text` on one line as fits; "…" for the rest.
inline std::string shortened(std::string_view text, std::size_t most = 48) {
  std::string line = one_line(text);
  if (line.size() <= most)
    return line;
  std::size_t end = most - 1;
  while ((static_cast<unsigned char>(line[end]) & 0xc0) == 0x80) // not within a character
    --end;
  return line.substr(0, end) + "…";
}

} // namespace coroscope
