// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tasks side by side: all of them end before when_all does, and no outcome is lost.
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
#include <coroscope/when_all.h>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<> nothing_later(std::chrono::milliseconds delay, int &count) {
  co_await sleep_for(delay);
  ++count;
}

task<int> fails_later(std::chrono::milliseconds delay, std::string message) {
  co_await sleep_for(delay);
  throw std::runtime_error(message);
}

} // namespace

TEST_CASE("when_all gives every value in the order of its arguments, after the longest of them") {
  run_in_virtual_time([]() -> task<> {
    int count = 0;
    const auto start = current_loop().now();
    const auto [number, text, nothing] =
        co_await when_all(later(30ms, 1), later(10ms, std::string("two")), nothing_later(20ms, count));
    CHECK(number == 1);
    CHECK(text == "two");
    CHECK(nothing == std::monostate());
    CHECK(count == 1);
    CHECK(current_loop().now() - start == 30ms);
  }());
}

TEST_CASE("when_all takes any number of tasks of one type, and none") {
  run_in_virtual_time([]() -> task<> {
    std::vector<task<int>> children;
    for (int i = 0; i < 100; ++i)
      children.push_back(later(std::chrono::milliseconds((i * 37) % 11), i));
    const std::vector<int> values = co_await when_all(std::move(children));
    REQUIRE(values.size() == 100);
    for (int i = 0; i < 100; ++i)
      CHECK(values[static_cast<std::size_t>(i)] == i);
    const auto none = co_await when_all(std::vector<task<>>());
    CHECK(none.empty());
    co_await when_all();
  }());
}

TEST_CASE("when one of them fails, when_all cancels the others, waits for their clean-up and throws its exception") {
  run_in_virtual_time([]() -> task<> {
    int ended = 0, cleaned = 0;
    std::string caught;
    try {
      co_await when_all(nothing_later(30ms, ended), fails_later(10ms, "spilt milk"), [](int &count) -> task<> {
        bool stopped = false;
        try {
          co_await sleep_for(1h);
        } catch (const cancelled &) {
          stopped = true;
        }
        if (stopped)
          co_await shield(nothing_later(5ms, count));
      }(cleaned));
    } catch (const std::runtime_error &error) {
      caught = error.what();
    }
    CHECK(caught == "spilt milk");
    CHECK(ended == 0);
    CHECK(cleaned == 1);
    CHECK(current_loop().now().time_since_epoch() == 15ms);
    co_await yield_now();
  }());
}

TEST_CASE("when several of them fail, all their exceptions arrive together, in the order in which they occurred") {
  const std::string said = captured_stderr([] {
    run_in_virtual_time([]() -> task<> {
      const auto fails_in_cleaning = []() -> task<int> {
        try {
          co_await sleep_for(1h);
        } catch (const cancelled &) {
          throw std::logic_error("second");
        }
        co_return 1;
      };
      std::string message;
      try {
        co_await when_all(fails_in_cleaning(), fails_later(10ms, "first"));
      } catch (const error_group &errors) {
        message = errors.what();
        REQUIRE(errors.errors().size() == 2);
        CHECK_THROWS_AS(std::rethrow_exception(errors.errors()[0]), std::runtime_error);
        CHECK_THROWS_AS(std::rethrow_exception(errors.errors()[1]), std::logic_error);
      }
      CHECK(message == "coroscope: 2 tasks of a group failed: first; second");
    }());
  });
  CHECK(said.empty());
}

TEST_CASE("a cancelled when_all cancels all of them, waits, and passes the cancellation on") {
  run_in_virtual_time([]() -> task<> {
    int ended = 0;
    auto all = spawn([](int &count) -> task<> {
      co_await when_all(nothing_later(10ms, count), nothing_later(20ms, count), shield(nothing_later(15ms, count)));
      count = 100;
    }(ended));
    co_await sleep_for(5ms);
    all.cancel();
    co_await all.ended();
    CHECK(all.was_cancelled());
    CHECK(ended == 1);
    CHECK(current_loop().now().time_since_epoch() == 15ms);
  }());
}
