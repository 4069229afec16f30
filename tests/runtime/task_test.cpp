// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a task does with its value, its exception and its frame.
#include "captured_stderr.h"
#include "live_count.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/task.h>
#include <memory>
#include <stdexcept>
#include <string>

using namespace coroscope;
using namespace coroscope::testing;

namespace {

template <class T> task<T> give(T value) { co_return value; }

task<int> add(int a, int b) { co_return co_await give(a) + co_await give(b); }

task<> fail_with(std::string message) {
  co_await yield_now();
  throw std::runtime_error(message);
}

task<std::unique_ptr<int>> make_unique_later(int value) {
  co_await yield_now();
  co_return std::make_unique<int>(value);
}

task<std::string &> pass_reference(std::string &text) { co_return text; }

/// Neither default-constructible nor copyable.
struct only_movable {
  explicit only_movable(int value) : value(value) {}
  only_movable(only_movable &&) = default;
  int value;
};
task<only_movable> make_only_movable() { co_return only_movable(7); }

task<> set_when_started(bool &started) {
  started = true;
  co_return;
}

task<int> holds(live_count local, int &alive_inside) {
  const live_count another(local);
  co_await yield_now();
  alive_inside = 1;
  co_return 1;
}

task<> sleep_holding(live_count local) {
  const live_count another(local);
  co_await sleep_for(std::chrono::hours(1));
}

} // namespace

TEST_CASE("a task gives its value to whoever awaits it") {
  CHECK(run(add(2, 3)) == 5);
  CHECK(run(give(std::string("text"))) == "text");
  CHECK(*run(make_unique_later(4)) == 4);
  CHECK(run(make_only_movable()).value == 7);
}

TEST_CASE("a task of a reference gives that very object") {
  std::string text = "before";
  run([](std::string &to) -> task<> { (co_await pass_reference(to)) = "after"; }(text));
  CHECK(text == "after");
}

TEST_CASE("a task does not start before it is awaited") {
  bool started = false;
  run([](bool &flag) -> task<> {
    task<> waiting = set_when_started(flag);
    co_await yield_now();
    CHECK_FALSE(flag);
    co_await std::move(waiting);
  }(started));
  CHECK(started);
}

TEST_CASE("an exception comes out of the await, through as many tasks as are in between") {
  const auto middle = []() -> task<> { co_await fail_with("deep"); };
  const auto outer = [&]() -> task<std::string> {
    try {
      co_await middle();
    } catch (const std::runtime_error &error) {
      co_return error.what();
    }
    co_return "nothing was thrown";
  };
  CHECK(run(outer()) == "deep");
  CHECK_THROWS_WITH(run(middle()), "deep");
}

TEST_CASE("a task's frame is gone once its await is over, and its parameters with it") {
  int alive = 0;
  int reached = 0;
  run([](int &count, int &inside) -> task<> {
    co_await holds(live_count(count), inside);
    CHECK(count == 0);
  }(alive, reached));
  CHECK(reached == 1);
  CHECK(alive == 0);
}

TEST_CASE("a task that is destroyed while it waits destroys its locals and the tasks that it awaits") {
  int alive = 0;
  run([](int &count) -> task<> {
    spawn([](live_count outer) -> task<> { co_await sleep_holding(outer); }(live_count(count)));
    co_await yield_now();
    co_await yield_now();
    CHECK(count >= 3);
  }(alive));
  CHECK(alive == 0);
}

TEST_CASE("awaiting a task that was moved from throws") {
  CHECK_THROWS_AS(run([]() -> task<> {
                    task<int> first = give(1);
                    task<int> second = std::move(first);
                    const int value = co_await std::move(second);
                    CHECK(value == 1);
                    co_await std::move(first);
                  }()),
                  std::logic_error);
}

TEST_CASE("awaiting a task a second time throws in place of giving a value twice") {
  CHECK_THROWS_AS(run([]() -> task<> {
                    task<int> once = give(1);
                    const int value = co_await std::move(once);
                    CHECK(value == 1);
                    co_await std::move(once);
                  }()),
                  std::logic_error);
}

TEST_CASE("a task that was never awaited is reported with its place and name") {
  const std::string said = captured_stderr([] { (void)add(1, 2); });
  CHECK_THAT(said, Catch::Matchers::Contains("task_test.cpp:"));
  CHECK_THAT(said, Catch::Matchers::Contains("add"));
  CHECK(captured_stderr([] { (void)run_in_virtual_time(add(1, 2)); }).empty());
}
