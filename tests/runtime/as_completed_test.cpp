// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tasks in the order in which they end, with whatever outcome, and when nobody waits any more.
#include "later.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/as_completed.h>
#include <coroscope/await_tree.h>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/with_timeout.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

std::vector<join_handle<int>> spawn_all(std::vector<int> milliseconds) {
  std::vector<join_handle<int>> tasks;
  for (const int each : milliseconds)
    tasks.push_back(spawn(later(std::chrono::milliseconds(each), each)));
  return tasks;
}

task<int> fail_later(std::chrono::milliseconds delay) {
  co_await sleep_for(delay);
  throw std::runtime_error("failed");
}

/// The value of the next, or 0 where there is none.
task<int> take_next(completions<int> &of) {
  const auto ended = co_await of.next();
  co_return ended ? ended->take() : 0;
}

} // namespace

TEST_CASE("tasks come in the order in which they end, also those that had ended") {
  run_in_virtual_time([]() -> task<> {
    auto tasks = spawn_all({30, 10, 20, 1});
    co_await sleep_for(5ms);
    auto ended = as_completed(std::move(tasks));
    std::vector<int> order;
    while (const auto next = co_await ended.next()) {
      CHECK(next->done());
      order.push_back(next->take());
    }
    CHECK(order == std::vector<int>{1, 10, 20, 30});
    const auto after_the_end = co_await ended.next();
    CHECK_FALSE(after_the_end);
    auto none = as_completed(std::vector<join_handle<int>>());
    const auto nothing = co_await none.next();
    CHECK_FALSE(nothing);
  }());
}

TEST_CASE("a task that failed and one that was cancelled come like any other") {
  run_in_virtual_time([]() -> task<> {
    std::vector<join_handle<int>> tasks;
    tasks.push_back(spawn(later(3ms, 3)));
    tasks.push_back(spawn(fail_later(2ms)));
    tasks.push_back(spawn(later(9ms, 9)));
    tasks[2].cancel();
    auto ended = as_completed(std::move(tasks));
    std::string log;
    while (const auto next = co_await ended.next()) {
      try {
        log += std::to_string(next->take()) + " ";
      } catch (const task_cancelled &) {
        log += "cancelled ";
      } catch (const std::runtime_error &error) {
        log += std::string(error.what()) + " ";
      }
    }
    CHECK(log == "cancelled failed 3 ");
  }());
}

TEST_CASE("a wait for the next that is cancelled loses none") {
  run_in_virtual_time([]() -> task<> {
    auto ended = as_completed(spawn_all({10, 20, 30}));
    std::vector<int> order;
    int timeouts = 0;
    while (order.size() < 3) {
      try {
        order.push_back(co_await with_timeout(4ms, take_next(ended)));
      } catch (const timed_out &) {
        ++timeouts;
      }
    }
    CHECK(order == std::vector<int>{10, 20, 30});
    CHECK(timeouts == 6); // at 4 and 8, at 14 and 18, at 24 and 28 ms
  }());
}

TEST_CASE("several may wait for the next, and at the end each of them knows") {
  run_in_virtual_time([]() -> task<> {
    auto ended = as_completed(spawn_all({1, 2}));
    auto first = spawn(take_next(ended)), second = spawn(take_next(ended)), third = spawn(take_next(ended));
    CHECK(co_await first == 1);
    CHECK(co_await second == 2);
    CHECK(co_await third == 0);
  }());
}

TEST_CASE("tasks go on when nobody waits for the next any more") {
  run_in_virtual_time([]() -> task<> {
    bool done = false;
    co_await with_task_group([&](task_group &group) -> task<> {
      std::vector<join_handle<int>> tasks;
      tasks.push_back(group.spawn(later(1ms, 1)));
      tasks.push_back(group.spawn([](bool &flag) -> task<int> {
        co_await sleep_for(2ms);
        flag = true;
        co_return 2;
      }(done)));
      auto ended = as_completed(std::move(tasks));
      co_await ended.next();
    });
    CHECK(done);
  }());
}

TEST_CASE("the await tree tells for how many tasks somebody waits") {
  run_in_virtual_time([]() -> task<> {
    auto ended = as_completed(spawn_all({1, 2}));
    auto waiting = spawn(take_next(ended));
    co_await yield_now();
    CHECK_THAT(await_tree(), Catch::Matchers::Contains("waits for the next of 2 tasks to end"));
    co_await waiting;
    co_await ended.next();
  }());
}

TEST_CASE("a handle that was moved from cannot be waited for") {
  run_in_virtual_time([]() -> task<> {
    auto tasks = spawn_all({1, 2});
    auto taken = std::move(tasks[0]);
    CHECK_THROWS_AS(as_completed(std::move(tasks)), std::logic_error);
    co_await taken;
  }());
}
