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

} // namespace coroscope::render
