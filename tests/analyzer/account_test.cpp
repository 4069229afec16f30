// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a run adds up to, on runs written by hand: "time kind frame [point]".
#include "account/history.h"
#include "account/selection.h"
#include "account/summary.h"
#include "render/chrome_trace.h"
#include "render/trace_text.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <sstream>

namespace coroscope::tests {
namespace {

/// Frames 0 and 1 are of coroutine 0, frame 2 of coroutine 1; all on one thread.
traced_run run_of(const std::vector<std::string> &lines) {
  traced_run run{.threads = {"main"}};
  run.coroutines = {{.mangled = "_Z4workv", .name = "work()", .file = "a.cpp", .line = 3, .frame_size = 100},
                    {.mangled = "_Z5otherv", .name = "other()", .file = "a.cpp", .line = 9, .frame_size = 40}};
  run.frames = {{.coroutine = 0u, .address = 16}, {.coroutine = 0u, .address = 256}, {.coroutine = 1u, .address = 512}};
  for (const std::string &line : lines) {
    std::istringstream words(line);
    traced_event event;
    std::uint32_t frame = 0;
    words >> event.time >> event.kind >> frame;
    event.frame = frame;
    if (std::uint32_t point = 0; words >> point)
      event.point = point;
    event.a = event.kind == "frame_created" ? 1 : 0;
    run.events.push_back(event);
  }
  return run;
}

} // namespace

TEST_CASE("time is charged to the frame that runs on top") {
  const std::vector<frame_history> all =
      histories(run_of({"0 frame_created 0", "10 frame_created 2", "25 suspended 2 0", "30 suspended 0 0",
                        "50 resumed 2 0", "57 frame_freed 2"}));
  REQUIRE(all.at(0).stretches.size() == 2);
  CHECK(all[0].stretches[0].own == 15); // 0 to 10 and 25 to 30
  CHECK(all[0].stretches[0].end == 30);
  CHECK(all[2].stretches[0].own == 15);
  CHECK(all[2].stretches[2].own == 7);
  CHECK(all[2].is_gone);
  CHECK(!all[0].is_gone);
  CHECK(all[0].stretches[1].is_open);
  CHECK(all[0].stretches[1].end == 57);
}

TEST_CASE("a suspension that does not come about is part of the run") {
  const std::vector<frame_history> all = histories(
      run_of({"0 frame_created 0", "10 suspended 0 1", "14 not_suspended 0 1", "20 suspended 0 2", "30 resumed 0 2"}));
  REQUIRE(all.at(0).stretches.size() == 3);
  CHECK(all[0].stretches[0].end == 20);
  CHECK(all[0].stretches[1].point == 2u);
  CHECK(all[0].stretches[0].own == 16); // in await_suspend nobody knows who runs
}

TEST_CASE("a run is summed up for each coroutine and point") {
  std::vector<std::string> lines = {"0 frame_created 0", "0 suspended 0 0"};
  std::uint64_t time = 0;
  for (std::uint64_t wait = 1; wait <= 100; ++wait) {
    time += wait;
    lines.push_back(std::to_string(time) + " resumed 0 0");
    lines.push_back(std::to_string(time) + " suspended 0 0");
  }
  lines.push_back(std::to_string(time) + " frame_created 1");
  lines.push_back(std::to_string(time + 40) + " frame_freed 1");
  const std::vector<coroutine_summary> sums = summarise(run_of(lines));
  REQUIRE(sums.size() == 2);
  CHECK(sums[0].frames == 2);
  CHECK(sums[0].allocated == 200);
  CHECK(sums[0].alive == 1);
  CHECK(sums[0].longest_step == 40);
  REQUIRE(sums[0].points.size() == 1);
  CHECK(sums[0].points[0].count == 100);
  CHECK(sums[0].points[0].open == 1);
  CHECK(sums[0].points[0].total == 5050);
  CHECK(sums[0].points[0].median == 50);
  CHECK(sums[0].points[0].p90 == 90);
  CHECK(sums[0].points[0].p99 == 99);
  CHECK(sums[0].points[0].longest == 100);
  CHECK(sums[1].frames == 0);
}

TEST_CASE("a frame that an exception left runs no more and is suspended at its end") {
  const std::vector<frame_history> all = histories(
      run_of({"0 frame_created 0", "10 threw 0", "15 unwound 0 3", "20 frame_created 2", "40 destroyed 0 3"}));
  REQUIRE(all.at(0).stretches.size() == 3);
  CHECK(all[0].stretches[0].own == 15);
  CHECK(all[0].stretches[1].state == stretch_state::suspended);
  CHECK(all[0].stretches[1].point == 3u);
  CHECK(all[0].stretches[1].end == 40);
  CHECK(all[2].stretches[0].own == 20);
}

TEST_CASE("what is selected of sums and histories is what it was in the whole run") {
  const traced_run run = run_of({"0 frame_created 0", "10 frame_created 2", "25 suspended 2 0", "30 suspended 0 0",
                                 "50 transferred 2 0", "57 frame_freed 2"});
  const event_selection other{.coroutine = std::regex("other"), .from = 40};
  std::vector<coroutine_summary> sums = summarise(run);
  select(sums, run, other);
  CHECK(sums[0].frames == 0);
  CHECK(sums[1].running == 22);
  CHECK(sums[1].alive == 0);
  std::vector<frame_history> all = histories(run);
  select(all, run, other);
  CHECK(all[0].stretches.empty());
  REQUIRE(all[2].stretches.size() == 2); // suspended from 25 on, running from 50 on
  CHECK(all[2].stretches[0].begin == 25);
}

TEST_CASE("events are selected by coroutine, kind and time") {
  const traced_run run = run_of({"0 frame_created 0", "5 frame_created 2", "9 suspended 2 0", "12 suspended 0 0"});
  const auto times = [&](const event_selection &wanted) {
    std::vector<std::uint64_t> found;
    for (const traced_event &event : select(run, wanted).events)
      found.push_back(event.time);
    return found;
  };
  CHECK(times({}) == std::vector<std::uint64_t>{0, 5, 9, 12});
  CHECK(times({.coroutine = std::regex("other")}) == std::vector<std::uint64_t>{5, 9});
  CHECK(times({.kinds = {"suspended"}}) == std::vector<std::uint64_t>{9, 12});
  CHECK(times({.from = 5, .to = 9}) == std::vector<std::uint64_t>{5, 9});
}

TEST_CASE("the trace for Perfetto has a slice for each stretch and matches its begins and ends") {
  const traced_run run = run_of({"0 frame_created 0", "1000 suspended 0 0", "3500 resumed 0 0", "4000 frame_freed 0"});
  const nlohmann::json trace = nlohmann::json::parse(render::chrome_trace(run, histories(run)));
  std::map<std::string, int> phases;
  for (const nlohmann::json &event : trace.at("traceEvents")) {
    ++phases[event.at("ph")];
    if (event.at("ph") == "b") {
      CHECK(event.at("ts") == 1.0);
      CHECK(event.at("name") == "work#1 at S0");
    }
    if (event.at("ph") == "e")
      CHECK(event.at("ts") == 3.5);
  }
  CHECK(phases["X"] == 2);
  CHECK(phases["b"] == 1);
  CHECK(phases["e"] == 1);
  CHECK(phases["M"] == 2);
}

TEST_CASE("arrows lead from who transfers to whom, and from one that waits to what it waits for and back") {
  traced_run run = run_of({"0 frame_created 0", "10 suspended 0 0", "20 transferred 2 0", "30 suspended 2 1",
                           "40 transferred 0 0", "50 frame_freed 0"});
  run.events[2].by = 0;
  run.events[4].by = 2;
  run.awaits = {{.waiter = 0, .awaited = 2, .begin = 1, .end = 4, .basis = await_basis::transfer}};
  run.events.push_back({.time = 60, .kind = "posted", .a = 5});
  run.events.push_back({.time = 61, .kind = "posted", .a = 6}); // and the loop ends before it takes it up
  run.events.push_back({.time = 70, .kind = "delivered", .a = 5, .b = 1});
  const nlohmann::json trace = nlohmann::json::parse(render::chrome_trace(run, histories(run)));
  std::map<std::string, int> flows;
  for (const nlohmann::json &event : trace.at("traceEvents")) {
    CHECK(!event.at("name").get<std::string>().empty());
    if (event.at("ph") == "s")
      ++flows[event.at("name")];
  }
  CHECK(flows == std::map<std::string, int>{{"awaits", 1}, {"gives", 1}, {"posts", 1}, {"transfers", 2}});
  CHECK(render::trace_text(run).find("delivered        posted by main") != std::string::npos);
}

} // namespace coroscope::tests
