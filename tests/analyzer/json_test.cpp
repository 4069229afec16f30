// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// JSON keeps all of a report, and reading it trusts nothing.
#include "render/json.h"
#include "sources.h"

#include <catch2/catch.hpp>

namespace coroscope::tests {
namespace {

/// A run that uses every member.
traced_run some_run() {
  return {.command = {"./program", "--flag"},
          .level = "O2",
          .exit_code = 3,
          .signal = "SIGINT",
          .complete = false,
          .lost_events = 7,
          .threads = {"main"},
          .coroutines = {{.mangled = "_Z1fv",
                          .name = "f()",
                          .file = "f.cpp",
                          .line = 3,
                          .frame_size = 32,
                          .layout_hash = "0123456789abcdef",
                          .joined = coroutine_id{0},
                          .points = {{.ordinal = 1,
                                      .kind = suspend_kind::yield,
                                      .where = position{3, 4},
                                      .point = suspend_point_id{1}}}}},
          .frames = {{.coroutine = 0, .address = UINT64_MAX}, {.address = 4096}},
          .events = {{.time = 1, .kind = "frame_created", .frame = 0, .a = UINT64_MAX, .b = 2},
                     {.time = 5, .kind = "awaits", .frame = 0, .point = 1, .target = 1}},
          .problems = {"a problem"}};
}

} // namespace

TEST_CASE("a report read back from its JSON is the same report", "[sources]") {
  const std::string source = GENERATE(from_range(all_sources()));
  report report = analyzed(source);
  report.trace = some_run();
  report.files.front().tokens = {{{1, 2}, 3, token_kind::comment}};
  for (const bool readable : {true, false}) {
    const auto again = render::read_json(render::json(report, readable));
    if (!again)
      FAIL(again.error());
    CHECK(*again == report);
  }
}

TEST_CASE("JSON that is no report is refused with the place of the fault") {
  const auto fault = [](std::string_view text) { return render::read_json(text).error(); };
  CHECK(fault("not json") == "line 1, column 2: this is not JSON, or it is cut off");
  CHECK(fault("{\n \"schema\": \"co") == "line 2, column 15: this is not JSON, or it is cut off");
  CHECK(fault("[]") == "a JSON object was expected");
  CHECK(fault(std::string(1'000'000, '[')) == "line 1, column 501: nested deeper than a report is");
  CHECK(fault("{}") == "schema: \"coroscope-report/1\" was expected");
  const std::string head = R"({"schema":"coroscope-report/1","tool":"t",)";
  CHECK(fault(head + R"("files":3,"units":[],"coroutines":[]})") == "/files: an array was expected");
  CHECK(fault(head + R"("files":[{"path":7}],"units":[],"coroutines":[]})") == "/files/0/path: a string was expected");
  CHECK(fault(head + R"("files":[],"units":[]})") == "/coroutines: this member is missing");
}

TEST_CASE("an id that points to nothing is refused with its place") {
  const report &good = analyzed("samples/05_async_await.cpp");
  const auto fault = [](const report &changed) { return render::read_json(render::json(changed, false)).error(); };
  const std::string nowhere = ": this id points to nothing in the report";
  report changed = good;
  changed.coroutines[0].where.file.value = 99;
  CHECK(fault(changed) == "/coroutines/0/range/file" + nowhere);
  changed = good;
  changed.coroutines[1].lowerings[0].points[1].point.value = 99;
  CHECK(fault(changed) == "/coroutines/1/lowerings/0/resume_index/1/suspend_point" + nowhere);
  changed = good;
  changed.trace = some_run();
  changed.trace->events[1].target = 2;
  CHECK(fault(changed) == "/trace/events/1/target" + nowhere);
  changed.trace = some_run();
  changed.trace->frames[0].coroutine = 1;
  CHECK(fault(changed) == "/trace/frames/0/coroutine" + nowhere);
}

} // namespace coroscope::tests
