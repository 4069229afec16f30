// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first of several tasks: the others are cancelled, have ended, and lose no exception.
#include "captured_stderr.h"
#include "later.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/shield.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/when_any.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<> note_when_stopped(std::string &log, std::chrono::milliseconds clean_up) {
  bool stopped = false;
  try {
    co_await sleep_for(1h);
  } catch (const cancelled &) {
    stopped = true;
  }
  if (stopped)
    co_await shield(later(clean_up, 0));
  log += "cleaned ";
  co_await yield_now();
}

task<int> fails_later(std::chrono::milliseconds delay, std::string message) {
  co_await sleep_for(delay);
  throw std::runtime_error(message);
}

task<int> fails_in_cleaning() {
  try {
    co_await sleep_for(1h);
  } catch (const cancelled &) {
    throw std::runtime_error("while cleaning");
  }
  co_return 0;
}

template <class T> task<std::string> message_of(task<T> work) {
  try {
    co_await std::move(work);
  } catch (const std::exception &error) {
    co_return error.what();
  }
  co_return "nothing was thrown";
}

} // namespace

TEST_CASE("when_any gives the first value, when the others have been cancelled and have ended") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    const auto first =
        co_await when_any(note_when_stopped(log, 7ms), later(5ms, std::make_unique<int>(3)), later(6ms, 1.5));
    REQUIRE(first.index() == 1);
    CHECK(*std::get<1>(first) == 3);
    CHECK(log == "cleaned ");
    CHECK(current_loop().now().time_since_epoch() == 12ms);
  }());
}

TEST_CASE("when_any takes any number of tasks of one type, and says which was first") {
  run_in_virtual_time([]() -> task<> {
    std::vector<task<int>> children;
    for (int i = 0; i < 50; ++i)
      children.push_back(later(std::chrono::milliseconds(100 - i), i));
    const auto first = co_await when_any(std::move(children));
    CHECK(first.index == 49);
    CHECK(first.value == 49);
    CHECK(current_loop().now().time_since_epoch() == 51ms);
    const std::string message = co_await message_of(when_any(std::vector<task<>>()));
    CHECK_THAT(message, Catch::Matchers::Contains("no task"));
  }());
}

TEST_CASE("of two that end in the same tick the one that was started first wins") {
  run_in_virtual_time([]() -> task<> {
    const auto first = co_await when_any(later(5ms, 1), later(5ms, 2));
    CHECK(first.index() == 0);
  }());
}

TEST_CASE("a task that ends without ever waiting wins, and the others still get to clean up") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    const auto first = co_await when_any([]() -> task<int> { co_return 1; }(), note_when_stopped(log, 1ms));
    CHECK(first.index() == 0);
    CHECK(log == "cleaned ");
  }());
}

TEST_CASE("when_any loses no exception: not the first's, not one of a loser that is being cancelled") {
  const std::string said = captured_stderr([] {
    run_in_virtual_time([]() -> task<> {
      const std::string first = co_await message_of(when_any(fails_later(1ms, "the first"), later(5ms, 1)));
      CHECK(first == "the first");
      const std::string loser = co_await message_of(when_any(later(1ms, 1), fails_in_cleaning()));
      CHECK(loser == "while cleaning");
      const std::string both = co_await message_of(when_any(fails_later(1ms, "the first"), fails_in_cleaning()));
      CHECK(both == "coroscope: 2 tasks of a group failed: the first; while cleaning");
    }());
  });
  CHECK(said.empty());
}

TEST_CASE("a cancelled when_any passes the cancellation on when all have ended") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    auto any = spawn([](std::string &to) -> task<> {
      co_await when_any(note_when_stopped(to, 3ms), later(100ms, 1));
      to += "not reached";
    }(log));
    co_await sleep_for(2ms);
    any.cancel();
    co_await any.ended();
    CHECK(any.was_cancelled());
    CHECK(log == "cleaned ");
    CHECK(current_loop().now().time_since_epoch() == 5ms);
  }());
}
