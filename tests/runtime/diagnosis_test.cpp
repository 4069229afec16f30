// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the loop says of itself: who waits for what, where it is stuck, which step was slow.
#include "captured_stderr.h"
#include "on_each_backend.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/await_tree.h>
#include <coroscope/detail/step_watch.h>
#include <coroscope/event_loop.h>
#include <coroscope/shield.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/with_timeout.h>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

/// Never resumed by anyone.
struct forever {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};

constexpr unsigned line_of_sleep = __LINE__ + 1;
task<> inner_sleep() { co_await sleep_for(20ms); }

constexpr unsigned line_of_call = __LINE__ + 1;
task<> outer_sleep() { co_await inner_sleep(); }

task<> stuck_in_the_end() { co_await forever(); }

task<> too_deep(int left) {
  if (left > 0)
    co_await too_deep(left - 1);
  else
    co_await sleep_for(1ms);
}

task<> within_each_other(int levels) {
  if (levels == 0)
    co_await sleep_for(1h);
  else if (levels % 2 == 0)
    co_await with_timeout(2h, within_each_other(levels - 1));
  else
    co_await shield(within_each_other(levels - 1));
}

task<> groups_within_each_other(int levels) {
  if (levels == 0)
    co_await sleep_for(1h);
  else
    co_await with_task_group([=](task_group &group) -> task<> {
      group.spawn(groups_within_each_other(levels - 1));
      co_return;
    });
}

/// By the clock of the loop's steps, which may stand still for a while where a virtual machine is held up.
void busy_for(std::chrono::milliseconds duration) {
  const std::chrono::nanoseconds end = detail::step_watch::now() + duration;
  while (detail::step_watch::now() < end)
    ;
}

std::string at(unsigned line) { return "diagnosis_test.cpp:" + std::to_string(line) + "\n"; }

/// The lines, of places the file's name alone: names of functions and folders are the compiler's.
std::string outline(const std::string &tree) {
  std::string all;
  std::istringstream lines(tree);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t text = line.find_first_not_of(" -");
    if (const std::size_t place = line.rfind(" at "); place != std::string::npos) {
      const std::size_t name = line.find_last_of("/ ") + 1;
      line.replace(text, line.size() - text, line.substr(name, line.rfind(':') - name));
    } else if (line.find("a foreign awaitable, ") != std::string::npos) {
      line.erase(line.find(", "));
    } else if (const std::size_t joined = line.find("the end of "); line.find('(') != std::string::npos) {
      line.replace(joined, line.size() - joined, "the end of a task");
    }
    all += line + '\n';
  }
  return all;
}

} // namespace

TEST_CASE_METHOD(on_each_backend, "the await tree has each function with its line, and what the innermost waits for") {
  run_in_virtual_time([]() -> task<> {
    auto asleep = spawn(outer_sleep());
    auto not_started = spawn(outer_sleep());
    co_await yield_now();
    const std::string tree = await_tree();
    CHECK_THAT(tree, Contains("outer_sleep") && Contains("inner_sleep"));
    CHECK_THAT(tree, Contains(at(line_of_sleep)) && Contains(at(line_of_call)));
    co_await sleep_for(5ms);
    spawn(outer_sleep());
    CHECK(outline(await_tree()) == "- diagnosis_test.cpp\n"
                                   "    is running\n"
                                   "- diagnosis_test.cpp\n"
                                   "    diagnosis_test.cpp\n"
                                   "    waits for a timer, 15 ms from now\n"
                                   "- diagnosis_test.cpp\n"
                                   "    diagnosis_test.cpp\n"
                                   "    waits for a timer, 15 ms from now\n"
                                   "- diagnosis_test.cpp\n"
                                   "    has not started\n");
  }());
}

TEST_CASE_METHOD(on_each_backend,
                 "the await tree has the tasks of a group below the task that holds it, and what each waits for") {
  run_in_virtual_time([]() -> task<> {
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    auto holder = spawn(with_task_group([&](task_group &group) -> task<> {
      group.spawn(with_timeout(1h, listener.accept()));
      auto other = group.spawn(outer_sleep());
      group.spawn([](join_handle<> on) -> task<> { co_await on; }(std::move(other)));
      group.spawn(stuck_in_the_end());
      co_return;
    }));
    co_await sleep_for(1ms);
    const std::regex number("\\d+ to read");
    CHECK(std::regex_replace(outline(await_tree()), number, "N to read") == "- diagnosis_test.cpp\n"
                                                                            "    is running\n"
                                                                            "- task_group.h\n"
                                                                            "    waits for the end of a group's tasks\n"
                                                                            "  - with_timeout.h\n"
                                                                            "      tcp_listener.cpp\n"
                                                                            "      connection.cpp\n"
                                                                            "      waits for descriptor N to read\n"
                                                                            "  - diagnosis_test.cpp\n"
                                                                            "      diagnosis_test.cpp\n"
                                                                            "      waits for a timer, 19 ms from now\n"
                                                                            "  - diagnosis_test.cpp\n"
                                                                            "      waits for the end of a task\n"
                                                                            "  - diagnosis_test.cpp\n"
                                                                            "      waits for a foreign awaitable\n");
  }());
}

TEST_CASE_METHOD(on_each_backend, "a chain of awaits that is very long is shown in part") {
  run_in_virtual_time([]() -> task<> {
    auto deep = spawn(too_deep(100'000));
    co_await yield_now();
    const std::string tree = await_tree();
    CHECK_THAT(tree, Contains("… 99961 more …"));
    CHECK(tree.size() < 10'000);
    co_await deep;
  }());
}

TEST_CASE("the await tree of timeouts, shields and groups in one another is written however deep they are") {
  constexpr int levels = 20'000;
  run_in_virtual_time([]() -> task<> {
    auto deep = spawn(within_each_other(levels));
    auto side_by_side = spawn(groups_within_each_other(2'000));
    co_await sleep_for(1ms);
    const std::string tree = await_tree();
    CHECK_THAT(tree, Contains("waits for a timer, 3599"));
    CHECK(tree.size() < 4'000'000);
    deep.cancel();
    side_by_side.cancel();
    co_await deep.ended();
    co_await side_by_side.ended();
  }());
}

TEST_CASE_METHOD(on_each_backend, "a deadlock is reported with the await tree") {
  std::string said;
  try {
    run_in_virtual_time([]() -> task<> {
      auto other = spawn(stuck_in_the_end());
      co_await other;
    }());
  } catch (const deadlock_error &error) {
    said = error.what();
  }
  CHECK_THAT(said, Contains("waits for the end of") && Contains("stuck_in_the_end") && Contains("a foreign awaitable"));
}

TEST_CASE_METHOD(on_each_backend, "a step that takes too long is reported with the place from which it went on") {
  unsigned line = 0;
  const std::string said = captured_stderr([&] {
    event_loop loop;
    loop.report_slow_steps(30ms);
    loop.run([](unsigned &at_line) -> task<> {
      at_line = __LINE__ + 1;
      co_await yield_now();
      busy_for(60ms);
      co_await yield_now();
    }(line));
  });
  CHECK_THAT(said, Contains("diagnosis_test.cpp:" + std::to_string(line) + ": '"));
  CHECK_THAT(said, Contains("coroscope: this step took"));
}

TEST_CASE_METHOD(on_each_backend,
                 "in a loop that is very busy a slow step is reported among the few with which it was timed") {
  const std::string said = captured_stderr([&] {
    event_loop loop;
    loop.report_slow_steps(30ms);
    loop.run([]() -> task<> {
      for (int i = 0; i < 50; ++i)
        spawn([](int number) -> task<> {
          if (number == 40)
            busy_for(60ms);
          co_return;
        }(i));
      co_await yield_now();
    }());
  });
  CHECK_THAT(said, Contains("one of these steps") && Contains("diagnosis_test.cpp:") && Contains("here (16 times)\n"));
}

TEST_CASE_METHOD(on_each_backend, "a posted function that takes too long is reported with the place that posted it") {
  unsigned line = 0;
  const std::string said = captured_stderr([&] {
    event_loop loop;
    loop.report_slow_steps(30ms);
    line = __LINE__ + 1;
    loop.post([] { busy_for(60ms); });
    loop.run([]() -> task<> { co_await yield_now(); }());
  });
  CHECK_THAT(said, Contains("diagnosis_test.cpp:" + std::to_string(line) + ": '"));
}
