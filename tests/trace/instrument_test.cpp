// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whole programs with the pass plugin and without it: what they record, and that nothing else about them changes.
// programs/NAME.LEVEL.txt holds the events expected of programs/NAME.cpp; COROSCOPE_UPDATE=1 rewrites it.
#include "event_text.h"
#include "run_program.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

using namespace coroscope;
using namespace coroscope::test;

namespace {

const std::vector<std::string> programs = {"await_suspend_forms",
                                           "custom_new",
                                           "elidable_await",
                                           "elided",
                                           "exceptions",
                                           "fire_and_forget",
                                           "generator",
                                           "hand_over",
                                           "in_await_suspend",
                                           "lambdas_and_templates",
                                           "library_values",
                                           "many_points",
                                           "moments",
                                           "pointees",
                                           "promise_of_the_caller",
                                           "queue_of_promises",
                                           "rethrow",
                                           "static_lifetime",
                                           "symmetric_transfer",
                                           "two_units",
                                           "unhandled_exception_forms",
                                           "values"};
const std::vector<std::string> few = {"await_suspend_forms", "elidable_await", "exceptions", "symmetric_transfer"};

std::string built(const std::string &name, const std::string &config, const std::string &variant) {
  return PROGRAMS_BUILT "/" + name + "." + config + "." + variant;
}

std::string text_of(const std::string &file) {
  std::ifstream stream(file, std::ios::binary);
  INFO(file);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// While it lives, programs that are traced record their frames too.
class frames_are_recorded {
public:
  frames_are_recorded() { setenv("COROSCOPE_TRACE_FRAMES", "4096", 1); }
  ~frames_are_recorded() { unsetenv("COROSCOPE_TRACE_FRAMES"); }
  frames_are_recorded(const frames_are_recorded &) = delete;
  frames_are_recorded &operator=(const frames_are_recorded &) = delete;
};

trace::recorded_run traced(const std::string &name, const std::string &config,
                           std::vector<std::string> arguments = {}) {
  const std::string file = fresh_file("corotrace");
  arguments.insert(arguments.begin(), built(name, config, "traced"));
  run_program(arguments, file);
  return read_run(file);
}

void check_same_behaviour(const std::string &name, const std::string &config, std::vector<std::string> arguments = {}) {
  INFO(name << " " << config);
  arguments.insert(arguments.begin(), built(name, config, "plain"));
  const program_result plain = run_program(arguments);
  arguments[0] = built(name, config, "traced");
  const program_result untraced = run_program(arguments);
  const program_result traced = run_program(arguments, fresh_file("corotrace"));
  const frames_are_recorded frames;
  const program_result with_frames = run_program(arguments, fresh_file("corotrace"));
  for (const program_result *other : {&untraced, &traced, &with_frames}) {
    CHECK(plain.status == other->status);
    CHECK(plain.signal == other->signal);
    CHECK(plain.out == other->out);
    CHECK(plain.err == other->err);
  }
  CHECK(plain.signal == 0);
}

/// What the coroutine passes said of the file: frames with size and alignment, and which calls were elided.
std::string pass_record(const std::string &name, const std::string &config, const std::string &variant) {
  return text_of(built(name, config, variant) + "." + name + ".cpp.opt.yaml");
}

/// The members of each coroutine's frame as the debug information of the object file tells them, by the frame's type.
std::map<std::string, std::string> debug_frames(const std::string &object) {
  const program_result dump =
      run_program({LLVM_DWARFDUMP, "--regex", "--name=coro_frame_ty", "--show-children", object});
  REQUIRE(dump.status == 0);
  std::map<std::string, std::string> frames;
  std::string *frame = nullptr;
  std::istringstream lines(dump.out);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find("DW_AT_");
    if (at == std::string::npos || line.find("decl_line") != std::string::npos ||
        line.find("decl_file") != std::string::npos || line.find("DW_AT_type") != std::string::npos)
      continue;
    if (line.find(".coro_frame_ty\"") != std::string::npos)
      frame = &frames[line.substr(at)];
    else if (frame)
      *frame += line.substr(at) + "\n";
  }
  return frames;
}

void check_events(const std::string &name, const std::string &level) {
  const std::string expected = PROGRAMS_SOURCE "/" + name + "." + level + ".txt";
  static const std::set<std::string> with_frames = {"library_values",        "many_points",       "pointees",
                                                    "promise_of_the_caller", "queue_of_promises", "values"};
  const bool has_frames = with_frames.contains(name);
  const auto frames = has_frames ? std::optional<frames_are_recorded>(std::in_place) : std::nullopt;
  const std::string events = event_text(traced(name, level));
  if (std::getenv("COROSCOPE_UPDATE") != nullptr)
    std::ofstream(expected, std::ios::binary) << events;
  INFO(name << " " << level);
  CHECK(events == text_of(expected));
}

} // namespace

TEST_CASE("each program records exactly the events that are expected of it") {
  for (const std::string &name : programs)
    for (const char *level : {"O0", "O2"})
      check_events(name, level);
}

TEST_CASE("output, exit status and errors are those of the build without the plugin") {
  for (const std::string &name : programs)
    for (const char *level : {"O0", "O2"})
      check_same_behaviour(name, level);
  for (const std::string &name : few)
    for (const char *config : {"O1", "O2_without_g", "O3", "Os", "O0_sanitized", "O2_sanitized"})
      check_same_behaviour(name, config);
}

TEST_CASE("frame sizes, alignments and elided calls are those of the build without the plugin") {
  for (const std::string &name : programs)
    for (const char *level : {"O0", "O2"}) {
      INFO(name << " " << level);
      const std::string plain = pass_record(name, level, "plain");
      CHECK(plain.find("coro-split") != std::string::npos);
      CHECK(plain == pass_record(name, level, "traced"));
    }
  for (const std::string &name : few)
    for (const char *config : {"O1", "O3", "Os"}) {
      INFO(name << " " << config);
      CHECK(pass_record(name, config, "plain") == pass_record(name, config, "traced"));
    }
}

TEST_CASE("ramps on both sides of the inline threshold are elided as without the plugin") {
  for (const char *level : {"O1", "O2", "O3", "Os"}) {
    INFO(level);
    const std::string plain = pass_record("elision_threshold", level, "plain");
    CHECK(plain.find("CoroElide") != std::string::npos);
    CHECK(plain == pass_record("elision_threshold", level, "traced"));
    check_same_behaviour("elision_threshold", level);
  }
}

TEST_CASE("frames are laid out as without the plugin, field by field") {
  int compared = 0;
  for (const std::string &name : programs)
    for (const char *level : {"O0", "O2"}) {
      INFO(name << " " << level);
      const std::string source = "." + name + ".cpp.o";
      const auto traced = debug_frames(built(name, level, "traced") + source);
      // The optimiser drops a frame's type with the last function that uses it.
      for (const auto &[frame, members] : debug_frames(built(name, level, "plain") + source)) {
        INFO(frame);
        REQUIRE(traced.contains(frame));
        CHECK(members.find("__resume_fn") != std::string::npos);
        CHECK(members == traced.at(frame));
        ++compared;
      }
    }
  CHECK(compared >= 20);
}

TEST_CASE("the table's frames are those that the compiler reports") {
  for (const std::string &name : programs)
    for (const char *level : {"O0", "O2"}) {
      const std::string record = pass_record(name, level, "traced");
      for (const trace::recorded_coroutine &coroutine : traced(name, level).coroutines) {
        INFO(name << " " << level << " " << coroutine.mangled);
        std::uint64_t end = 0;
        for (const trace::recorded_field &field : coroutine.fields) {
          CHECK(field.offset == end);
          end = field.offset + field.size;
        }
        CHECK(end == coroutine.frame_size);
        CHECK(coroutine.layout_hash.size() == 16);
        CHECK(coroutine.line.has_value());
        if (coroutine.points.empty())
          continue; // it never suspends, so it has no frame of its own
        std::size_t split = record.find("Function:        " + coroutine.mangled + "\n");
        if (split == std::string::npos) // quoted in YAML where it has a $
          split = record.find("Function:        '" + coroutine.mangled + "'\n");
        REQUIRE(split != std::string::npos);
        CHECK(record.find("frame_size:      '" + std::to_string(coroutine.frame_size) + "'", split) !=
              std::string::npos);
      }
    }
}

TEST_CASE("ten thousand children in a row do not grow the stack") {
  check_same_behaviour("symmetric_transfer", "O2", {"10000"});
  const trace::recorded_run run = traced("symmetric_transfer", "O2", {"10000"});
  CHECK(run.complete);
  CHECK(run.frames.size() == 10'001);
  CHECK(
      std::ranges::all_of(run.frames, [](const trace::recorded_frame &frame) { return frame.created && frame.freed; }));
}

TEST_CASE("no time passes where the coroutine makes a few instructions between two events") {
  const trace::recorded_run run = traced("moments", "O2");
  std::map<std::string, std::set<bool>> is_one_moment; // by coroutine: of resumed and the next suspended
  const trace::recorded_event *before = nullptr;
  for (const trace::recorded_event &event : run.events) {
    if (before && before->kind == trace::event_kind::resumed && event.kind == trace::event_kind::suspended) {
      const std::string &name = run.coroutines[run.frames[*event.frame].coroutine.value()].name;
      is_one_moment[name.substr(0, name.find('('))].insert(before->time == event.time);
    }
    before = &event;
  }
  const std::map<std::string, std::set<bool>> expected{
      {"adds", {true}},   {"branches", {true}},         {"calls", {false}},  {"calls_at_times", {false}},
      {"loops", {false}}, {"looks_at_others", {false}}, {"divides", {false}}};
  CHECK(is_one_moment == expected);
}

TEST_CASE("without -g points are known by ordinal and kind") {
  const trace::recorded_run run = traced("symmetric_transfer", "O2_without_g");
  REQUIRE(run.coroutines.size() == 2);
  for (const trace::recorded_coroutine &coroutine : run.coroutines) {
    CHECK_FALSE(coroutine.line);
    CHECK(coroutine.file.ends_with("symmetric_transfer.cpp"));
    REQUIRE(coroutine.points.size() >= 2);
    CHECK(coroutine.points.front().kind == "initial");
    CHECK(coroutine.points.back().kind == "final");
    CHECK_FALSE(coroutine.points.front().where);
  }
}

TEST_CASE("debug information does not change the layout hash") {
  const auto hashes = [](const std::string &config) {
    std::vector<std::string> all;
    for (const trace::recorded_coroutine &coroutine : traced("symmetric_transfer", config).coroutines)
      all.push_back(coroutine.mangled + " " + coroutine.layout_hash);
    return all;
  };
  CHECK(hashes("O2") == hashes("O2_without_g"));
}

TEST_CASE("a unit without coroutines gets nothing") {
  check_same_behaviour("no_coroutines", "O0");
  check_same_behaviour("no_coroutines", "O2");
}

TEST_CASE("while nothing is recorded the recorder is not even called") {
  for (const char *level : {"O0", "O2"}) {
    INFO(level);
    const std::string program = built("own_recorder", level, "traced");
    CHECK(run_program({program}).out == "no events, no transfers, no returns\n");
    CHECK(run_program({program, "on"}).out == "some events, some transfers, some returns\n");
  }
}

TEST_CASE("however the program ends, its last event is there") {
  for (const char *how : {"abort", "kill", "interrupt", "_exit", "exit"}) {
    INFO(how);
    const std::string file = fresh_file("corotrace");
    const program_result result = run_program({built("ends_badly", "O2", "traced"), how}, file);
    const trace::recorded_run run = read_run(file);
    CHECK(run.problems.empty());
    REQUIRE(run.events.size() == 5);
    CHECK(run.kind_name(run.events.back()) == "resumed");
    CHECK(run.events.back().point == 1);
    CHECK(run.complete == (std::string(how) == "exit"));
    if (run.complete)
      CHECK(run.exit_status == result.status);
  }
}

TEST_CASE("a forked child goes on in a recording of its own") {
  const std::string file = fresh_file("corotrace");
  const frames_are_recorded frames;
  run_program({built("ends_badly", "O2", "traced"), "fork"}, file);
  const trace::recorded_run run = read_run(file);
  CHECK(run.complete);
  CHECK(event_text(run).find("at 2") == std::string::npos);
  for (const auto &entry : std::filesystem::directory_iterator(std::filesystem::absolute(file).parent_path()))
    if (entry.path().filename().string().starts_with(std::filesystem::path(file).filename().string() + ".")) {
      const trace::recorded_run child = read_run(entry.path().string());
      CHECK(child.parent == run.pid);
      CHECK(event_text(child).find("at 2 await") != std::string::npos);
      CHECK(event_text(child).find("text = \"caaaaaaaaaaaaaaaaaaa\"") != std::string::npos);
      std::filesystem::remove(entry.path());
      return;
    }
  FAIL("there is no recording of the child");
}

TEST_CASE("a library that is loaded records through the program's recorder, and through its own where there is none") {
  const std::string programs = PROGRAMS_BUILT;
  for (const std::string user : {"plain", "traced"}) {
    INFO(user);
    const std::string file = fresh_file("corotrace");
    const program_result result = run_program({programs + "/library_user." + user, programs + "/library.traced"}, file);
    CHECK(result.status == 0);
    CHECK(result.out == "42\n42\n");
    CHECK(result.err.empty());
    const trace::recorded_run run = read_run(file);
    CHECK(run.complete);
    CHECK(run.problems.empty());
    CHECK(run.threads.size() == 2);
    CHECK(run.coroutines.size() == (user == "traced" ? 2 : 1));
    CHECK(run.frames.size() == (user == "traced" ? 4 : 2));
    for (const trace::recorded_frame &frame : run.frames)
      CHECK(frame.coroutine);
  }
}

TEST_CASE("a program without coroutines brings the recorder to a library that it loads") {
  const std::string programs = PROGRAMS_BUILT;
  const std::string file = fresh_file("corotrace");
  const program_result result =
      run_program({programs + "/library_host.traced", programs + "/library.without_recorder"}, file);
  CHECK(result.status == 0);
  CHECK(result.out == "42\n");
  const trace::recorded_run run = read_run(file);
  CHECK(run.complete);
  CHECK(run.coroutines.size() == 1);
}
