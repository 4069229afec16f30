// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Levels side by side, on reports made by hand.
#include "compare/levels.h"
#include "render/levels_text.h"

#include <catch2/catch.hpp>

namespace coroscope::tests {
namespace {

range at(std::uint32_t line) { return {.file = {0}, .begin = {line, 3}, .end = {line, 4}, .expansions = {}}; }

resident variable(const std::string &name, std::uint32_t line, std::vector<why> reasons = {}) {
  return {.name = name, .type = "int", .where = at(line), .reasons = std::move(reasons)};
}

why crosses(std::uint32_t point) { return {.across = {{point}}}; }

field local(std::uint64_t offset, std::uint64_t size, std::vector<resident> residents) {
  return {offset, size, field_kind::local, std::move(residents)};
}

level_lowering lowering(const std::string &level, std::uint64_t size, std::vector<field> fields) {
  level_lowering made{.level = level, .frame = frame{.size = size, .align = 8, .fields = std::move(fields)}};
  for (std::uint32_t i = 0; i < 3; ++i)
    made.points.push_back({.point = {i}, .ordinal = i, .indices = {i}});
  return made;
}

/// One coroutine, f(), with the points S0, S1 and F.
report with(std::vector<level_lowering> lowerings) {
  coroutine made{.name = "f()", .mangled = "_Z1fv", .where = at(1), .lowerings = std::move(lowerings)};
  for (const suspend_kind kind : {suspend_kind::initial, suspend_kind::await, suspend_kind::final})
    made.suspend_points.push_back({.kind = kind, .where = at(1), .expression = "co_await x", .awaiter_type = "later"});
  return {.files = {{.path = "f.cpp"}}, .coroutines = {std::move(made)}};
}

using compare::verdict;

/// The row of a variable, of a comparison of O0 and O2.
compare::level_row row_of(const report &report, const std::string &name) {
  for (const compare::level_row &row : compare::compare_levels(report, {0}, {"O0", "O2"}).rows)
    if (row.known().name == name)
      return row;
  FAIL("no row " << name);
  return {};
}

bool says(const std::string &text, const std::string &what) { return text.find(what) != std::string::npos; }

} // namespace

TEST_CASE("an object stays where its offset does, moves, goes or appears") {
  const report report = with(
      {lowering("O0", 32,
                {local(16, 4, {variable("a", 2)}), local(20, 4, {variable("b", 3)}), local(24, 8, {variable("c", 4)})}),
       lowering(
           "O2", 32,
           {local(16, 4, {variable("a", 2)}), local(20, 8, {variable("c", 4)}), local(28, 4, {variable("d", 5)})})});
  CHECK(row_of(report, "a").verdicts == std::vector{verdict::stays});
  CHECK(row_of(report, "b").verdicts == std::vector{verdict::goes});
  CHECK(row_of(report, "c").verdicts == std::vector{verdict::moves});
  CHECK(row_of(report, "d").verdicts == std::vector{verdict::appears});
}

TEST_CASE("variables of one name are told apart by their declarations") {
  const report report = with({lowering("O0", 24, {local(16, 4, {variable("i", 2)}), local(20, 4, {variable("i", 6)})}),
                              lowering("O2", 24, {local(16, 4, {variable("i", 6)})})});
  const compare::level_comparison comparison = compare::compare_levels(report, {0}, {"O0", "O2"});
  REQUIRE(comparison.rows.size() == 2);
  CHECK(comparison.rows[0].known().where == at(2));
  CHECK(comparison.rows[0].verdicts == std::vector{verdict::goes});
  CHECK(comparison.rows[1].verdicts == std::vector{verdict::moves});
}

TEST_CASE("the reason why a variable goes is the level's own") {
  const auto reason = [](absent_variable variable) {
    report report = with({lowering("O0", 24, {local(16, 4, {{.name = "n", .where = at(2)}})}), lowering("O2", 16, {})});
    variable.name = "n";
    variable.where = at(2);
    report.coroutines[0].lowerings[1].absent = {variable};
    return render::levels_text(report, {"O0", "O2"});
  };
  CHECK(says(reason({.reason = absence::dead_before_suspend, .before = suspend_point_id{2}}), "dead before F\n"));
  CHECK(says(reason({.reason = absence::constant, .detail = "4"}), "constant 4\n"));
  CHECK(says(reason({.reason = absence::rematerialised, .detail = "n + 1"}), "computed again: n + 1\n"));
  CHECK(says(reason({.reason = absence::optimised_out}), "debug info does not follow it\n"));
  CHECK(says(reason({.reason = absence::optimised_out, .detail = "n"}), "computed from what is kept: n\n"));
  CHECK(
      says(reason({.reason = absence::part_of_another, .detail = "bytes 0 to 7 of r"}), "kept as bytes 0 to 7 of r\n"));
}

TEST_CASE("what only a folded point needed goes with it") {
  report report = with({lowering("O0", 24, {local(16, 4, {variable("n", 2, {crosses(0)})})}), lowering("O2", 16, {})});
  report.coroutines[0].lowerings[1].points.erase(report.coroutines[0].lowerings[1].points.begin());
  const std::string text = render::levels_text(report, {"O0", "O2"});
  CHECK(says(text, "folded away            S0\n"));
  CHECK(says(text, "S0 is folded away\n"));
}

TEST_CASE("an elided frame that appears says whose it is, a shared slot who shares it") {
  resident callee{.name = "elided frame of g", .frame_of = "g()"};
  const report report =
      with({lowering("O0", 24, {local(16, 4, {variable("a", 2)}), local(20, 4, {variable("b", 3)})}),
            lowering("O2", 48, {local(16, 4, {variable("a", 2), variable("b", 3)}), local(24, 24, {callee})})});
  const std::string text = render::levels_text(report, {"O0", "O2"});
  CHECK(says(text, "elided frame of g()\n"));
  CHECK(says(text, "shares its slot with b at -O2\n"));
  CHECK(says(text, "48 bytes (+24)"));
}

TEST_CASE("an object that is away at a middle level goes and appears") {
  const report report = with({lowering("O0", 24, {local(16, 4, {variable("a", 2)})}), lowering("O1", 16, {}),
                              lowering("O2", 24, {local(16, 4, {variable("a", 2, {crosses(1)})})})});
  const std::string text = render::levels_text(report, {"O0", "O1", "O2"});
  CHECK(says(text, "goes, appears"));
  CHECK(says(text, "lives across S1\n"));
}

TEST_CASE("a level without a frame or without a lowering is no frame") {
  report report = with({lowering("O0", 24, {local(16, 4, {variable("a", 2)})})});
  CHECK(says(render::levels_text(report, {"O0", "O2"}), "24 bytes  no frame"));
  report.coroutines[0].lowerings[0].frame.reset();
  CHECK(says(render::levels_text(report, {"O0", "O2"}), "no frame  no frame"));
}

} // namespace coroscope::tests
