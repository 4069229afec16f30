// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/lowered_text.h"

#include "render/words.h"

#include <sstream>

namespace coroscope::render {
namespace {

/// The line numbers of the source beside a text: each where it changes.
class margin {
public:
  /// 0: the line stems from nowhere.
  std::string at(std::uint32_t line) {
    const std::string number = line == 0 || line == last_ ? "" : std::to_string(line);
    if (line != 0)
      last_ = line;
    return std::string(number.size() < 6 ? 6 - number.size() : 0, ' ') + number;
  }

private:
  std::uint32_t last_ = 0;
};

std::string listing_text(const coroutine &coroutine, const listing &listing) {
  std::string text;
  margin margin;
  auto place = listing.places.begin();
  std::istringstream lines(listing.text);
  std::uint32_t number = 0;
  for (std::string line; std::getline(lines, line); ++number) {
    while (place != listing.places.end() && place->line < number)
      ++place;
    const bool is_placed =
        place != listing.places.end() && place->line == number && place->file == coroutine.where.file;
    text += margin.at(is_placed ? place->where.line : 0) + "   " + line;
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
  }
  return text;
}

std::string titled(const coroutine &coroutine, const level_lowering &lowering, const std::string &title,
                   const std::optional<listing> &listing) {
  return listing ? "\n  -" + lowering.level + ", " + title + ":\n\n" + listing_text(coroutine, *listing) : "";
}

} // namespace

std::string lowered_text(const coroutine &coroutine) {
  std::string text;
  margin margin;
  for (const view_line &line : coroutine.view) {
    const std::uint32_t number = line.where && line.where->file == coroutine.where.file ? line.where->begin.line : 0;
    text += margin.at(number) + (line.kind == view_line_kind::expansion ? " + " : "   ");
    text += std::string(2 * std::size_t{line.indent}, ' ') + line.text;
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
  }
  return text;
}

std::string ir_text(const coroutine &coroutine) {
  std::string text;
  for (const level_lowering &lowering : coroutine.lowerings) {
    for (const lowered_function &function : lowering.functions)
      text += titled(coroutine, lowering, "IR before the split", function.ir_before);
    for (const lowered_function &function : lowering.functions)
      text += titled(coroutine, lowering, "IR of " + std::string(word(function.kind)), function.ir);
  }
  return text;
}

std::string assembly_text(const coroutine &coroutine) {
  std::string text;
  for (const level_lowering &lowering : coroutine.lowerings)
    for (const lowered_function &function : lowering.functions) {
      const std::string stack =
          function.stack_size ? ", " + std::to_string(*function.stack_size) + " bytes of stack" : "";
      text += titled(coroutine, lowering, "assembly of " + std::string(word(function.kind)) + stack, function.assembly);
    }
  return text;
}

} // namespace coroscope::render
