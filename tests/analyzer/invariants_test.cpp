// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is true of every report, whatever the source.
#include "render/json.h"
#include "sources.h"

#include <catch2/catch.hpp>

#include <set>

namespace coroscope::tests {
namespace {

void check_place(const report &report, const std::optional<range> &place) {
  if (!place)
    return;
  REQUIRE(place->file.value < report.files.size());
  CHECK(place->begin.line >= 1);
  CHECK(place->begin.column >= 1);
  CHECK(place->begin <= place->end);
}

void check_tiling(const frame &frame) {
  std::uint64_t reached = 0;
  for (const field &field : frame.fields) {
    CHECK(field.offset == reached);
    CHECK(field.size > 0);
    reached = field.offset + field.size;
  }
  CHECK(reached == frame.size);
  CHECK(frame.size % frame.align == 0);
}

void check_fields(const report &report, const coroutine &coroutine, const frame &frame) {
  REQUIRE(frame.fields.size() >= 2);
  CHECK(frame.fields[0].kind == field_kind::resume_fn);
  CHECK(frame.fields[1].kind == field_kind::destroy_fn);
  for (const field &field : frame.fields) {
    CHECK(field.kind != field_kind::unknown);
    CHECK((field.kind == field_kind::shared) == (field.residents.size() > 1));
    for (const resident &resident : field.residents) {
      CHECK((field.kind == resident.kind || field.kind == field_kind::shared));
      CHECK(resident.size.value_or(0) > 0);
      CHECK(resident.size.value_or(0) <= field.size);
      CHECK_FALSE(resident.name.empty());
      check_place(report, resident.where);
      for (const why &why : resident.reasons)
        for (const suspend_point_id point : why.across)
          CHECK(point.value < coroutine.suspend_points.size());
    }
  }
}

void check_points(const coroutine &coroutine, const level_lowering &lowering) {
  std::set<std::uint32_t> points;
  std::set<std::uint32_t> ordinals;
  for (const lowered_point &point : lowering.points) {
    CHECK(point.point.value < coroutine.suspend_points.size());
    CHECK(points.insert(point.point.value).second);
    CHECK(ordinals.insert(point.ordinal).second);
  }
}

} // namespace

TEST_CASE("fields tile the frame, every id resolves and no point is matched twice", "[sources]") {
  const std::string source = GENERATE(from_range(all_sources()));
  const report &report = analyzed(source);
  INFO(source);
  for (const coroutine &coroutine : report.coroutines) {
    INFO(coroutine.name);
    REQUIRE(!coroutine.units.empty());
    for (const unit_id unit : coroutine.units)
      REQUIRE(unit.value < report.units.size());
    check_place(report, coroutine.where);
    REQUIRE(coroutine.suspend_points.size() >= 2);
    CHECK(coroutine.suspend_points.front().kind == suspend_kind::initial);
    CHECK(coroutine.suspend_points.back().kind == suspend_kind::final);
    for (const level_lowering &lowering : coroutine.lowerings) {
      INFO(lowering.level);
      CHECK(lowering.problems.empty());
      check_points(coroutine, lowering);
      REQUIRE(lowering.frame);
      check_tiling(*lowering.frame);
      check_fields(report, coroutine, *lowering.frame);
    }
  }
}

TEST_CASE("two analyses of one source give identical bytes") {
  const auto bytes = [] {
    const auto report = analyze({.files = {(source_root() / "samples/05_async_await.cpp").string()},
                                 .commands = {.defaults = flags_of("samples/05_async_await.cpp")}});
    return render::json(report.value(), true);
  };
  CHECK(bytes() == bytes());
}

} // namespace coroscope::tests
