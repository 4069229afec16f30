// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/markdown.h"

#include "model/one_line.h"
#include "render/phrases.h"

#include <algorithm>

namespace coroscope::render {

std::string markdown_code(std::string_view text) {
  if (text.empty())
    return "";
  std::string content;
  std::size_t longest = 0, run = 0;
  for (const char letter : one_line(text)) {
    run = letter == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    if (letter == '|') // a cell of a table ends at it even in code
      content += '\\';
    content += letter;
  }
  const std::string fence(longest + 1, '`');
  const std::string space = content.front() == '`' || content.back() == '`' ? " " : "";
  return fence + space + content + space + fence;
}

std::string markdown_text(std::string_view text) {
  constexpr std::string_view markup = "\\`*_[]<>#|~&!";
  std::string result;
  for (const char letter : one_line(text)) {
    if (markup.find(letter) != std::string_view::npos)
      result += '\\';
    result += letter;
  }
  return result;
}

std::string html_text(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    if (letter == '<')
      result += "&lt;";
    else if (letter == '>')
      result += "&gt;";
    else if (letter == '&')
      result += "&amp;";
    else
      result += letter;
  }
  return result;
}

} // namespace coroscope::render
