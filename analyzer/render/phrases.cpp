// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/phrases.h"

namespace coroscope::render {

std::string at(const report &report, const range &place, bool with_file) {
  const std::string where = std::to_string(place.begin.line) + ":" + std::to_string(place.begin.column);
  return with_file ? report.files.at(place.file.value).path + ":" + where : where;
}

std::string at(const report &report, const range &place, const coroutine &coroutine) {
  return at(report, place, place.file != coroutine.where.file);
}

std::string signed_number(std::uint64_t before, std::uint64_t after) {
  return after >= before ? "+" + std::to_string(after - before) : "-" + std::to_string(before - after);
}

std::string one_line(std::string_view text) {
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

std::string resident_text(const resident &resident) {
  constexpr std::size_t longest = 48;
  std::string text = resident.name;
  if (resident.expression) {
    std::string expression = one_line(*resident.expression);
    if (expression.size() > longest) {
      std::size_t end = longest - 1;
      while ((expression[end] & 0xc0) == 0x80) // not within a character
        --end;
      expression = expression.substr(0, end) + "…";
    }
    text += " `" + expression + "`";
  }
  if (!resident.inlined.empty() && !resident.frame_of)
    text += " in " + resident.inlined.front().function;
  return text;
}

} // namespace coroscope::render
