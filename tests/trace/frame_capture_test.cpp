// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which of the frames' bytes a program records.
#include "event_text.h"
#include "run_program.h"

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdlib>
#include <string>

using namespace coroscope;
using namespace coroscope::test;

namespace {

/// Each event with bytes: the offsets and numbers of those that changed.
std::string changes_text(const trace::recorded_run &run) {
  std::string text;
  for (const trace::recorded_event &event : run.events)
    if (event.bytes) {
      text += run.kind_name(event);
      for (const auto &[offset, bytes] : run.bytes.at(*event.bytes).changes)
        text += " " + std::to_string(offset) + "+" + std::to_string(bytes.size());
      text += "\n";
    }
  return text;
}

program_result run_with(const char *limits, const std::string &file) {
  setenv("COROSCOPE_TRACE_FRAMES", limits, 1);
  program_result result = run_program({RECORDED_PROGRAM, "frames"}, file);
  unsetenv("COROSCOPE_TRACE_FRAMES");
  return result;
}

trace::recorded_run record_frames(const char *limits) {
  const std::string file = fresh_file("corotrace");
  run_with(limits, file);
  return read_run(file);
}

} // namespace

TEST_CASE("a frame's bytes are recorded at suspends and resumes, once and then as they change") {
  const trace::recorded_run run = record_frames("4096");
  CHECK(changes_text(run) == "suspended 0+24\nresumed 4+1 23+1\nsuspended\n");
  CHECK(run.bytes.front().changes.front().second.at(7) == std::byte{7});
  CHECK(run.problems.empty());
}

TEST_CASE("of a large frame as much is recorded as was asked for") {
  const trace::recorded_run run = record_frames("16");
  CHECK(changes_text(run) == "suspended 0+16\nresumed 4+1\nsuspended\n");
  CHECK(run.problems.empty());
  REQUIRE(run.omissions.size() == 1);
  CHECK(run.omissions.front().starts_with("of each frame of one() the first 16 of "));
}

TEST_CASE("limits of frames are sizes as people write them; what is none is said") {
  CHECK(changes_text(record_frames("4K:1M")) == "suspended 0+24\nresumed 4+1 23+1\nsuspended\n");
  for (const char *text : {"abc", "4X", "4K:", "-1"}) {
    INFO(text);
    const program_result result = run_with(text, fresh_file("corotrace"));
    CHECK(result.status == 9);
    CHECK(result.err.find("COROSCOPE_TRACE_FRAMES is no size") != std::string::npos);
  }
}

TEST_CASE("frames that the budget leaves out are counted, their events are not lost") {
  const trace::recorded_run run = record_frames("4096:1");
  CHECK(changes_text(run) == "suspended 0+24\n");
  CHECK(run.lost == 0);
  CHECK(run.problems.empty());
  REQUIRE(run.omissions.size() == 1);
  CHECK(run.omissions.front().starts_with("2 times a frame's bytes were left out"));
}

TEST_CASE("without COROSCOPE_TRACE_FRAMES no frame's bytes are recorded") {
  const std::string file = fresh_file("corotrace");
  run_program({RECORDED_PROGRAM, "frames"}, file);
  CHECK(changes_text(read_run(file)).empty());
  CHECK(changes_text(record_frames("0")).empty());
}
