// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is true of every lowered view, whatever the source.
#include "model/point_label.h"
#include "sources.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace coroscope::tests {
namespace {

/// Lines that stand for the point: its state, or a comment that says why it has none.
std::ptrdiff_t lines_of(const coroutine &coroutine, suspend_point_id point) {
  const std::string label = point_label(coroutine, point);
  return std::ranges::count_if(coroutine.view, [&](const view_line &line) {
    return line.state == point || (line.kind == view_line_kind::comment && line.text.starts_with("// " + label + " "));
  });
}

/// What a lambda or a local class in the body holds are functions of their own, which stand as written.
bool holds_another_function(const coroutine &coroutine) {
  return std::ranges::any_of(coroutine.view.begin() + 2, coroutine.view.end(), [](const view_line &line) {
    return std::ranges::any_of(std::vector{"](", "] {", "struct ", "class "},
                               [&](const char *sign) { return line.text.find(sign) != std::string::npos; });
  });
}

bool spells_a_keyword(const view_line &line) {
  // A lambda's head may await in its captures, which is for the function around it to expand. A state names objects by
  // the expressions that made them.
  return line.kind != view_line_kind::comment && line.kind != view_line_kind::state && !line.text.starts_with('[') &&
         (line.text.find("co_await ") != std::string::npos || line.text.find("co_yield ") != std::string::npos ||
          line.text.find("co_return") != std::string::npos);
}

} // namespace

TEST_CASE("a lowered view marks every suspend point once and expands every keyword", "[sources]") {
  const std::string source = GENERATE(from_range(all_sources()));
  const report &report = analyzed(source);
  INFO(source);
  for (const coroutine &coroutine : report.coroutines) {
    INFO(coroutine.name);
    REQUIRE_FALSE(coroutine.view.empty());
    CHECK(coroutine.view.front().kind == view_line_kind::comment);
    CHECK(coroutine.view.front().text.find("reconstruction") != std::string::npos);
    for (std::uint32_t i = 0; i < coroutine.suspend_points.size(); ++i)
      CHECK(lines_of(coroutine, {i}) == 1);
    for (const view_line &line : coroutine.view) {
      INFO(line.text);
      CHECK((!spells_a_keyword(line) || holds_another_function(coroutine)));
      CHECK((line.kind == view_line_kind::state) == line.state.has_value());
      if (!line.where)
        continue;
      REQUIRE(line.where->file.value < report.files.size());
      CHECK(line.where->begin.line >= 1);
      CHECK(line.where->begin.column >= 1);
      CHECK(line.where->begin <= line.where->end);
    }
  }
}

} // namespace coroscope::tests
