// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a program records, and what its end, its threads and its environment do to the recording.
#include "event_text.h"
#include "run_program.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

using namespace coroscope;
using namespace coroscope::test;
using trace::event_kind;

namespace {

const std::string program = RECORDED_PROGRAM;

/// The argument a of the events of one kind, in order.
std::vector<std::uint64_t> values_of(const trace::recorded_run &run, event_kind kind) {
  std::vector<std::uint64_t> values;
  for (const trace::recorded_event &event : run.events)
    if (event.kind == kind)
      values.push_back(event.a);
  return values;
}

struct recorded {
  program_result result;
  trace::recorded_run run;
  std::string file;
};

recorded record(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program);
  recorded all;
  all.file = fresh_file("corotrace");
  all.result = run_program(arguments, all.file);
  all.run = read_run(all.file);
  return all;
}

/// The other recordings of a run.
std::vector<std::string> files_beside(const std::string &file) {
  std::vector<std::string> found;
  for (const auto &entry : std::filesystem::directory_iterator(std::filesystem::path(file).parent_path()))
    if (entry.path().string().starts_with(file + "."))
      found.push_back(entry.path().string());
  return found;
}

/// Programs that start while it lives record into a ring of this size.
struct ring_of {
  explicit ring_of(const char *size) { setenv("COROSCOPE_TRACE_RING", size, 1); }
  ring_of(const ring_of &) = delete;
  ring_of &operator=(const ring_of &) = delete;
  ~ring_of() { unsetenv("COROSCOPE_TRACE_RING"); }
};

} // namespace

TEST_CASE("every kind of event comes back as it was reported") {
  const auto [result, run, file] = record({"each"});
  CHECK(result.status == 9);
  CHECK(result.out == "done\n");
  CHECK(event_text(run) == R"(posted #0
frame_created #1 one() allocated
suspended #1 one() at 0 initial 12:5
not_suspended #1 one() at 300 (not in the table)
resumed #1 one() at 2 final
poll_begin 18446744073709551615 0
poll_end 3 0
fd_wait #1 one() 7 1
fd_ready #1 one() 7 2
timer_armed 1 1000000000
timer_fired 1 0
timer_cancelled 2 0
task_spawned #1 one()
task_finished #1 one()
awaits #2 #1
posted 77 0
delivered 77 1
delivered 77 0
destroyed #1 one() at 2 final
frame_freed #1 one()
frame_created #3 one() elided
posted #4
task_finished #0
#2 waits for #1 from event 14: declared
)");
  CHECK(run.frames[1].created);
  CHECK(run.frames[1].freed);
  CHECK_FALSE(run.frames[2].created);
  CHECK(run.frames[1].address == run.frames[3].address);
  CHECK(run.frames[4].address == 0xfffffffffffffff3);
}

TEST_CASE("the process and its coroutines stand in the recording") {
  const auto [result, run, file] = record({"each", "second argument", ""});
  CHECK(run.command == std::vector<std::string>{program, "each", "second argument", ""});
  CHECK(run.pid == static_cast<std::uint32_t>(result.pid));
  CHECK(run.exit_status == 9);
  CHECK(run.complete);
  CHECK(run.lost == 0);
  CHECK(run.problems.empty());
  CHECK(run.levels == std::vector<std::string>{"O1"});
  REQUIRE(run.coroutines.size() == 1);
  const trace::recorded_coroutine &coroutine = run.coroutines[0];
  CHECK(coroutine.mangled == "_Z3onev");
  CHECK(coroutine.line == 12);
  CHECK(coroutine.frame_size == 24);
  CHECK(coroutine.frame_align == 8);
  CHECK(coroutine.layout_hash == "0123456789abcdef");
  CHECK(coroutine.fields == std::vector<trace::recorded_field>{{0, 24, "promise", {{"x", "int", std::nullopt, {}}}}});
}

TEST_CASE("without COROSCOPE_TRACE nothing is recorded") {
  const program_result result = run_program({program, "each"});
  CHECK(result.status == 9);
  CHECK(result.err.empty());
}

TEST_CASE("a long recording takes at most 8 bytes an event") {
  const auto [result, run, file] = record({"many", "200000"});
  CHECK(run.complete);
  CHECK(run.events.size() == 400'002);
  CHECK(std::filesystem::file_size(file) <= 8 * run.events.size());
}

TEST_CASE("times ascend and fit the run's length") {
  const auto begin = std::chrono::steady_clock::now();
  const auto [result, run, file] = record({"many", "200000"});
  const auto length = std::chrono::steady_clock::now() - begin;
  CHECK(std::ranges::is_sorted(run.events, {}, &trace::recorded_event::time));
  CHECK(run.events.back().time > 0);
  CHECK(run.events.back().time <= static_cast<std::uint64_t>(std::chrono::nanoseconds(length).count()));
}

TEST_CASE("an event in the same moment as the one before it has its time") {
  const trace::recorded_run run = record({"pairs", "100000"}).run;
  CHECK(run.problems.empty());
  unsigned later = 0;
  REQUIRE(run.events.size() == 200'002); // one before main, one after it
  for (std::size_t i = 0; i < 100'000; ++i) {
    const trace::recorded_event &first = run.events[2 * i + 1], &second = run.events[2 * i + 2];
    const bool is_pair = second.kind == event_kind::suspended && second.point == i % 300 && second.frame == first.frame;
    REQUIRE(is_pair);
    later += second.time != first.time ? 1 : 0;
  }
  CHECK(later <= 16); // where a block of the file begins
}

TEST_CASE("what a unit of a later version reports is counted as lost") {
  const trace::recorded_run run = record({"later"}).run;
  CHECK(run.problems.empty());
  CHECK(run.lost == 1);
  REQUIRE(run.events.size() == 4);
  CHECK(run.events[1].kind == event_kind::frame_created);
  CHECK(run.events[2].kind == event_kind::frame_freed);
}

TEST_CASE("the events of each thread stay in order and none is missing") {
  const auto [result, run, file] = record({"threads", "50000"});
  CHECK(run.complete);
  std::map<std::uint64_t, std::uint64_t> next;
  for (const trace::recorded_event &event : run.events) {
    if (event.kind != event_kind::timer_armed)
      continue;
    REQUIRE(event.b == next[event.a]++);
    REQUIRE(run.threads[event.thread].name == "worker " + std::to_string(event.a));
  }
  for (std::uint64_t thread = 0; thread < 4; ++thread)
    CHECK(next[thread] == 50'000);
}

TEST_CASE("an event that another thread's event caused comes after it") {
  const auto [result, run, file] = record({"turns", "2000"});
  const std::vector<std::uint64_t> turns = values_of(run, event_kind::timer_fired);
  CHECK(turns.size() == 2000);
  CHECK(std::ranges::is_sorted(turns));
}

TEST_CASE("a killed program leaves every event") {
  const auto [result, run, file] = record({"kill", "30000"});
  CHECK(result.signal == SIGKILL);
  CHECK(run.events.size() == 60'001);
  CHECK_FALSE(run.complete);
  CHECK_FALSE(run.exit_status);
  CHECK(run.problems.empty());
}

TEST_CASE("an aborted program leaves every event") {
  const auto [result, run, file] = record({"abort", "10"});
  CHECK(result.signal == SIGABRT);
  CHECK(run.events.size() == 21);
  CHECK_FALSE(run.complete);
}

TEST_CASE("a forked child records beside its parent, with the parent's tables and clock") {
  const auto [result, run, file] = record({"fork"});
  CHECK(result.status == 0);
  CHECK(values_of(run, event_kind::timer_fired) == std::vector<std::uint64_t>{1, 2});
  CHECK(values_of(run, event_kind::resumed).empty());
  CHECK(run.complete);
  const std::vector<std::string> children = files_beside(file);
  REQUIRE(children.size() == 1);
  const trace::recorded_run child = read_run(children[0]);
  CHECK(children[0] == file + "." + std::to_string(child.pid));
  CHECK(child.parent == run.pid);
  CHECK(child.complete);
  CHECK(child.command == run.command);
  CHECK(child.problems.empty());
  REQUIRE(child.coroutines.size() == 1);
  CHECK(child.coroutines[0].name == "one()");
  CHECK(values_of(child, event_kind::resumed).size() == 1000);
  CHECK(child.start_realtime == run.start_realtime);
  CHECK(child.events.front().time > run.events.front().time);
  std::filesystem::remove(children[0]);
}

TEST_CASE("a child of a child records beside them") {
  const auto [result, run, file] = record({"grandchild"});
  CHECK(values_of(run, event_kind::timer_fired) == std::vector<std::uint64_t>{1, 2});
  const std::vector<std::string> children = files_beside(file);
  REQUIRE(children.size() == 1); // the one in between reported nothing
  const trace::recorded_run grandchild = read_run(children[0]);
  CHECK(grandchild.coroutines.size() == 1);
  CHECK(values_of(grandchild, event_kind::resumed).size() == 10);
  std::filesystem::remove(children[0]);
}

TEST_CASE("a ring keeps the last events and counts those before") {
  const ring_of limit("64K");
  const auto [result, run, file] = record({"many", "200000"});
  CHECK(run.complete);
  CHECK(run.lost == 0);
  CHECK(run.problems.empty());
  CHECK(run.overwritten > 300'000);
  CHECK(run.events.size() + run.overwritten == 400'002);
  CHECK(run.ring == 64 * 1024);
  CHECK(run.coroutines.size() == 1);
  CHECK(run.kind_name(run.events.back()) == "task_finished");
  CHECK(std::ranges::is_sorted(run.events, {}, &trace::recorded_event::time));
  CHECK(std::filesystem::file_size(file) < 100 * 1024);
}

TEST_CASE("a ring that is overwritten while it is read gives whole events only") {
  const ring_of limit("64K");
  const std::string file = fresh_file("corotrace");
  std::FILE *const running = popen(("COROSCOPE_TRACE='" + file + "' '" + program + "' many 3000000").c_str(), "r");
  REQUIRE(running);
  int readings = 0;
  for (bool goes_on = true; goes_on;) {
    goes_on = trace::is_being_recorded(file) || readings == 0;
    if (const auto run = trace::read_recording(std::filesystem::path(file))) {
      CHECK(run->problems.empty());
      ++readings;
    }
  }
  pclose(running);
}

TEST_CASE("who asks whether a file is being recorded does not keep a recorder from it") {
  for (int round = 0; round < 30; ++round) {
    const std::string file = fresh_file("corotrace");
    std::atomic<bool> stop = false;
    std::thread asking([&] {
      while (!stop)
        trace::is_being_recorded(file);
    });
    const program_result result = run_program({program, "each"}, file);
    stop = true;
    asking.join();
    CHECK(result.status == 9);
    CHECK(trace::read_recording(std::filesystem::path(file)));
  }
}

TEST_CASE("a killed program leaves the last events in its ring") {
  const ring_of limit("1M");
  const auto [result, run, file] = record({"kill", "300000"});
  CHECK(run.events.size() + run.overwritten == 600'001);
  CHECK(run.overwritten > 0);
  CHECK(run.problems.empty());
  CHECK(std::filesystem::file_size(file) < 2'000'000);
}

TEST_CASE("threads share a ring: each event is kept, overwritten or counted as lost") {
  const ring_of limit("256K");
  const auto [result, run, file] = record({"threads", "50000"});
  CHECK(run.events.size() + run.overwritten + run.lost == 200'002);
  CHECK(run.problems.empty());
  std::map<std::uint64_t, std::uint64_t> last;
  for (const trace::recorded_event &event : run.events)
    if (event.kind == event_kind::timer_armed) {
      CHECK((!last.contains(event.a) || last[event.a] < event.b));
      last[event.a] = event.b;
    }
}

TEST_CASE("a ring that is no size is said, and the program runs without a recording") {
  const ring_of limit("16Q");
  const program_result result = run_program({program, "each"}, fresh_file("corotrace"));
  CHECK(result.status == 9);
  CHECK(result.err.find("COROSCOPE_TRACE_RING is no size") != std::string::npos);
}

TEST_CASE("main ends with frames alive and other threads at work") {
  const auto [result, run, file] = record({"daemon"});
  CHECK(result.status == 9);
  CHECK(run.complete);
  CHECK(run.problems.empty());
  CHECK(std::ranges::any_of(run.frames, [](const trace::recorded_frame &frame) { return !frame.freed; }));
}

TEST_CASE("a program started by the recorded one records beside it") {
  const std::string file = fresh_file("corotrace");
  run_program({program, "itself"}, file);
  CHECK(values_of(read_run(file), event_kind::timer_fired) == std::vector<std::uint64_t>{1, 2});
  const std::vector<std::string> beside = files_beside(file);
  REQUIRE(beside.size() == 1);
  CHECK(values_of(read_run(beside[0]), event_kind::poll_end) == std::vector<std::uint64_t>{3});
  std::filesystem::remove(beside[0]);
}

TEST_CASE("a program that becomes another one leaves its recording, and the other records beside it") {
  const std::string file = fresh_file("corotrace");
  run_program({program, "becomes"}, file);
  CHECK(values_of(read_run(file), event_kind::timer_fired) == std::vector<std::uint64_t>{1});
  const std::vector<std::string> beside = files_beside(file);
  REQUIRE(beside.size() == 1);
  CHECK(values_of(read_run(beside[0]), event_kind::poll_end) == std::vector<std::uint64_t>{3});
  std::filesystem::remove(beside[0]);
}

TEST_CASE("with COROSCOPE_TRACE_KEEP an earlier recording stays") {
  const std::string file = fresh_file("corotrace");
  setenv("COROSCOPE_TRACE_KEEP", "1", 1);
  run_program({program, "many", "10"}, file);
  run_program({program, "each"}, file);
  unsetenv("COROSCOPE_TRACE_KEEP");
  CHECK(values_of(read_run(file), event_kind::poll_end).empty());
  const std::vector<std::string> beside = files_beside(file);
  REQUIRE(beside.size() == 1);
  CHECK(values_of(read_run(beside[0]), event_kind::poll_end) == std::vector<std::uint64_t>{3});
  std::filesystem::remove(beside[0]);
}

TEST_CASE("a file size limit stops the recording and not the program") {
  const auto [result, run, file] = record({"limit"});
  CHECK(result.status == 9);
  CHECK_FALSE(run.complete);
  CHECK(run.lost > 0);
  CHECK(run.events.size() + run.lost == 400'002);
  REQUIRE(run.problems.size() == 1);
  CHECK(run.problems[0].find("File too large") != std::string::npos);
}

TEST_CASE("a closed descriptor stops the recording and harms no other file") {
  const std::string other = fresh_file("other");
  const auto [result, run, file] = record({"close", other});
  CHECK(result.status == 0);
  CHECK(run.events.size() >= 21);
  CHECK(run.lost > 0);
  std::filesystem::remove(other);
}

TEST_CASE("recording leaves errno alone") { CHECK(record({"errno"}).result.status == 0); }

TEST_CASE("a file that cannot be written is said once and the program runs") {
  const program_result result = run_program({program, "each"}, "/nowhere/x.corotrace");
  CHECK(result.status == 9);
  CHECK(result.err ==
        "coroscope: cannot record into /nowhere/x.corotrace (COROSCOPE_TRACE): No such file or directory; "
        "the program runs without a recording\n");
}

TEST_CASE("only a regular file is recorded into") {
  const program_result result = run_program({program, "each"}, "/dev/null");
  CHECK(result.status == 9);
  CHECK(result.err.find("not a regular file") != std::string::npos);
}

TEST_CASE("an earlier recording is replaced") {
  const std::string file = fresh_file("corotrace");
  std::ofstream(file) << std::string(300'000, 'x');
  run_program({program, "each"}, file);
  CHECK(read_run(file).events.size() == 23);
  CHECK(std::filesystem::file_size(file) <= 64 * 1024);
}
