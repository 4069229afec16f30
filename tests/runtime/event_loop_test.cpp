// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which task runs when, how spawned tasks are joined, and what is left when the main task ends.
#include "captured_stderr.h"
#include "live_count.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/with_timeout.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<> append_thrice(std::string &log, char letter) {
  for (int i = 0; i < 3; ++i) {
    log += letter;
    co_await yield_now();
  }
}

task<int> value_after_a_yield(int value) {
  co_await yield_now();
  co_return value;
}

task<> fail_after_a_yield() {
  co_await yield_now();
  throw std::runtime_error("spilt milk");
}

task<> sleep_holding(live_count) { co_await sleep_for(1h); }

/// Never resumed by anyone.
struct forever {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};

} // namespace

TEST_CASE("tasks that yield take turns in the order in which they were spawned") {
  std::string log;
  run([](std::string &to) -> task<> {
    auto a = spawn(append_thrice(to, 'a'));
    auto b = spawn(append_thrice(to, 'b'));
    auto c = spawn(append_thrice(to, 'c'));
    to += '|'; // nothing that was spawned has started yet
    co_await a;
    co_await b;
    co_await c;
  }(log));
  CHECK(log == "|abcabcabc");
}

TEST_CASE("a join gives the value, whether the task has ended or not") {
  run([]() -> task<> {
    auto ends_first = spawn(value_after_a_yield(1));
    auto ends_later = spawn(value_after_a_yield(2));
    CHECK_FALSE(ends_later.done());
    const int later = co_await ends_later;
    CHECK(later == 2);
    CHECK(ends_first.done());
    const int first = co_await std::move(ends_first);
    CHECK(first == 1);
    bool refused = false;
    try {
      co_await ends_later; // its value was taken
    } catch (const std::logic_error &) {
      refused = true;
    }
    CHECK(refused);
  }());
}

TEST_CASE("a join throws what the task threw, and then nothing is reported") {
  const std::string said = captured_stderr([] {
    run_in_virtual_time([]() -> task<> {
      auto failing = spawn(fail_after_a_yield());
      bool caught = false;
      try {
        co_await failing;
      } catch (const std::runtime_error &error) {
        caught = std::string(error.what()) == "spilt milk";
      }
      CHECK(caught);
    }());
  });
  CHECK(said.empty());
}

namespace {

/// What a task says of itself where only its own code runs, where it waits within a scope, and behind that.
struct said_of_itself {
  std::optional<join_handle<>> handle;
  std::vector<task_state> by_itself;
  std::vector<task_state> by_its_child;

  task<> in_a_timeout() {
    by_itself.push_back(handle->state());
    co_await yield_now();
    by_itself.push_back(handle->state());
  }
  task<> child() {
    by_its_child.push_back(handle->state());
    co_await yield_now();
    by_its_child.push_back(handle->state());
  }
  task<> body() {
    by_itself.push_back(handle->state());
    co_await with_timeout(1h, in_a_timeout());
    co_await with_task_group([&](task_group &group) -> task<> {
      group.spawn(child());
      co_return;
    });
    by_itself.push_back(handle->state());
  }
};

} // namespace

TEST_CASE("a handle says what its task is doing") {
  run_in_virtual_time([]() -> task<> {
    said_of_itself said;
    said.handle = spawn(said.body());
    CHECK(said.handle->state() == task_state::pending);
    co_await yield_now();
    CHECK(said.handle->state() == task_state::suspended);
    co_await said.handle->ended();
    CHECK(said.handle->state() == task_state::done);
    CHECK(said.by_itself == std::vector(4, task_state::running));
    CHECK(said.by_its_child == std::vector(2, task_state::suspended));
  }());
}

TEST_CASE("a handle says whether its task was cancelled once that has ended, and that one that failed is done") {
  run_in_virtual_time([]() -> task<> {
    auto asleep = spawn(value_after_a_yield(1));
    asleep.cancel();
    CHECK(asleep.state() == task_state::pending);
    co_await asleep.ended();
    CHECK(asleep.state() == task_state::cancelled);
    auto failing = spawn([]() -> task<> {
      throw std::runtime_error("as expected");
      co_return;
    }());
    co_await failing.ended();
    CHECK(failing.state() == task_state::done);
    CHECK_THROWS_AS(failing.take(), std::runtime_error);
  }());
}

TEST_CASE("several tasks may wait for the end of one") {
  run([]() -> task<> {
    auto work = spawn(value_after_a_yield(5));
    int ended = 0;
    const auto wait = [](join_handle<int> &on, int &count) -> task<> {
      co_await on.ended();
      ++count;
    };
    auto first = spawn(wait(work, ended));
    auto second = spawn(wait(work, ended));
    co_await first;
    co_await second;
    CHECK(ended == 2);
    const int value = co_await work;
    CHECK(value == 5);
  }());
}

TEST_CASE("an exception that nobody took is reported with the task's place") {
  const std::string said = captured_stderr([] {
    run([]() -> task<> {
      spawn(fail_after_a_yield());
      for (int i = 0; i < 3; ++i)
        co_await yield_now();
    }());
  });
  CHECK_THAT(said, Catch::Matchers::Contains("spilt milk"));
  CHECK_THAT(said, Catch::Matchers::Contains("event_loop_test.cpp:"));
  CHECK_THAT(said, Catch::Matchers::Contains("fail_after_a_yield"));
}

TEST_CASE("a task whose handle was dropped runs on") {
  int reached = 0;
  run([](int &count) -> task<> {
    spawn([](int &to) -> task<> {
      co_await sleep_for(1ms);
      ++to;
    }(count));
    co_await sleep_for(2ms);
  }(reached));
  CHECK(reached == 1);
}

TEST_CASE("tasks that are left when main ends are destroyed, whatever they wait for") {
  int alive = 0;
  run_in_virtual_time([](int &count) -> task<> {
    auto asleep = spawn(sleep_holding(live_count(count)));
    auto joining = spawn([](join_handle<> other, live_count) -> task<> {
      co_await other;
    }(spawn(sleep_holding(live_count(count))), live_count(count)));
    auto stuck = spawn([](live_count) -> task<> { co_await forever(); }(live_count(count)));
    co_await yield_now();
    co_await yield_now();
    auto not_started = spawn(sleep_holding(live_count(count)));
    CHECK(count == 5);
  }(alive));
  CHECK(alive == 0);
}

TEST_CASE("tasks that are left when main throws are destroyed as well") {
  int alive = 0;
  CHECK_THROWS_WITH(run([](int &count) -> task<> {
                      spawn(sleep_holding(live_count(count)));
                      co_await fail_after_a_yield();
                    }(alive)),
                    "spilt milk");
  CHECK(alive == 0);
}

TEST_CASE("a task may spawn another one while it is destroyed") {
  int alive = 0;
  struct spawns_when_destroyed {
    int &count;
    ~spawns_when_destroyed() { spawn(sleep_holding(live_count(count))); }
  };
  run_in_virtual_time([](int &count) -> task<> {
    spawn([](int &to) -> task<> {
      const spawns_when_destroyed local{to};
      co_await forever();
    }(count));
    co_await yield_now();
    co_await yield_now();
  }(alive));
  CHECK(alive == 0);
}

TEST_CASE("a main task that can never end is a deadlock, and its frame is destroyed") {
  int alive = 0;
  CHECK_THROWS_AS(run_in_virtual_time([](int &count) -> task<> {
                    const live_count local(count);
                    co_await forever();
                  }(alive)),
                  deadlock_error);
  CHECK(alive == 0);
}

TEST_CASE("one loop runs one main task after another") {
  event_loop loop(event_loop::time_source::virtual_clock);
  CHECK(loop.run(value_after_a_yield(1)) == 1);
  CHECK_THROWS_AS(loop.run([]() -> task<> { co_await forever(); }()), deadlock_error);
  CHECK(loop.run(value_after_a_yield(2)) == 2);
}

TEST_CASE("a handle may outlive its loop; joining a task that was cancelled or destroyed with it throws") {
  std::optional<join_handle<>> asleep, stuck;
  event_loop loop(event_loop::time_source::virtual_clock);
  loop.run([](std::optional<join_handle<>> &to, std::optional<join_handle<>> &other) -> task<> {
    to = spawn([]() -> task<> { co_await sleep_for(1h); }());
    other = spawn([]() -> task<> { co_await forever(); }());
    co_await yield_now();
  }(asleep, stuck));
  CHECK(asleep->state() == task_state::cancelled);
  CHECK(stuck->state() == task_state::done);
  CHECK_THROWS_AS(loop.run([](join_handle<> &on) -> task<> { co_await on; }(*asleep)), task_cancelled);
  CHECK_THROWS_AS(loop.run([](join_handle<> &on) -> task<> { co_await on; }(*stuck)), std::logic_error);
}

TEST_CASE("outside of a loop there is no current one, and inside of one no other runs") {
  CHECK_THROWS_AS(current_loop(), std::logic_error);
  CHECK_THROWS_AS(run([]() -> task<> {
                    run(value_after_a_yield(1));
                    co_return;
                  }()),
                  std::logic_error);
}
