// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generators that wait: elements, the end, exceptions, cancellation, and one that is dropped half-way.
#include "live_count.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/async_generator.h>
#include <coroscope/await_tree.h>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/with_timeout.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

async_generator<int> count_to(int last, live_count) {
  for (int i = 1; i <= last; ++i) {
    co_await sleep_for(1ms);
    co_yield i;
  }
}

async_generator<int> at_once(int count) {
  for (int i = 0; i < count; ++i)
    co_yield i;
}

async_generator<int> one_then_fail() {
  co_yield 1;
  throw std::runtime_error("no second");
}

task<int> next_or_zero(async_generator<int> &of) {
  const auto element = co_await of.next();
  co_return element.value_or(0);
}

} // namespace

TEST_CASE("an async generator gives one element after the other, and then nothing") {
  run_in_virtual_time([]() -> task<> {
    int alive = 0, sum = 0;
    auto numbers = count_to(4, live_count(alive));
    const auto start = current_loop().now();
    while (const auto number = co_await numbers.next())
      sum += *number;
    CHECK(sum == 10);
    CHECK(current_loop().now() - start == 4ms);
    const auto after_the_end = co_await numbers.next();
    CHECK(after_the_end == std::nullopt);
  }());
}

TEST_CASE("an async generator may be dropped before it began, half-way and at its end") {
  run_in_virtual_time([]() -> task<> {
    int alive = 0;
    {
      const auto never_asked = count_to(4, live_count(alive));
    }
    CHECK(alive == 0);
    {
      auto half_way = count_to(4, live_count(alive));
      co_await half_way.next();
      CHECK(alive > 0);
      auto moved = std::move(half_way);
      const int second = co_await next_or_zero(moved);
      CHECK(second == 2);
      CHECK_THROWS_AS(half_way.next(), std::logic_error); // NOLINT(bugprone-use-after-move): that is the test
      moved = count_to(1, live_count(alive));
      const int first = co_await next_or_zero(moved);
      CHECK(first == 1);
    }
    CHECK(alive == 0);
  }());
}

TEST_CASE("what the body throws leaves from next, and is the end") {
  run_in_virtual_time([]() -> task<> {
    auto numbers = one_then_fail();
    const int first = co_await next_or_zero(numbers);
    CHECK(first == 1);
    std::string caught;
    try {
      co_await numbers.next();
    } catch (const std::runtime_error &error) {
      caught = error.what();
    }
    CHECK(caught == "no second");
    const auto after_the_end = co_await numbers.next();
    CHECK(after_the_end == std::nullopt);
  }());
}

TEST_CASE("elements that can only be moved are moved") {
  run_in_virtual_time([]() -> task<> {
    auto boxes = []() -> async_generator<std::unique_ptr<int>> {
      for (int i = 0; i < 3; ++i)
        co_yield std::make_unique<int>(i);
    }();
    int sum = 0;
    while (const auto box = co_await boxes.next())
      sum += **box;
    CHECK(sum == 3);
  }());
}

TEST_CASE("a cancellation reaches the body where it waits, and ends it") {
  run_in_virtual_time([]() -> task<> {
    int alive = 0;
    auto numbers = [](int &count) -> async_generator<int> {
      const live_count in_the_body(count);
      co_yield 1;
      co_await sleep_for(1h);
      co_yield 2;
    }(alive);
    co_await numbers.next();
    CHECK(alive == 1);
    bool over = false;
    try {
      co_await with_timeout(1ms, next_or_zero(numbers));
    } catch (const timed_out &) {
      over = true;
    }
    CHECK(over);
    CHECK(alive == 0);
    const auto after_the_end = co_await numbers.next();
    CHECK(after_the_end == std::nullopt);
  }());
}

TEST_CASE("an async generator goes on in whichever task asks, one at a time") {
  run_in_virtual_time([]() -> task<> {
    int alive = 0;
    auto numbers = count_to(4, live_count(alive));
    const int first = co_await spawn(next_or_zero(numbers));
    const int second = co_await spawn(next_or_zero(numbers));
    CHECK(first + second == 3);
    auto third = spawn(next_or_zero(numbers));
    co_await yield_now();
    std::string said;
    try {
      co_await numbers.next();
    } catch (const std::logic_error &error) {
      said = error.what();
    }
    CHECK_THAT(said, Contains("another task awaits it"));
    CHECK(co_await third == 3);
  }());
}

TEST_CASE("a task whose async generator is destroyed while it waits for the next element goes on with an error") {
  run_in_virtual_time([]() -> task<> {
    int alive = 0;
    std::optional<async_generator<int>> numbers(count_to(4, live_count(alive)));
    auto waiting = spawn(next_or_zero(*numbers));
    co_await yield_now();
    const auto start = current_loop().now();
    numbers.reset();
    CHECK(alive == 0);
    std::string said;
    try {
      co_await waiting;
    } catch (const std::logic_error &error) {
      said = error.what();
    }
    CHECK_THAT(said, Contains("destroyed while a task awaited"));
    CHECK(current_loop().now() == start);
  }());
}

TEST_CASE("the await tree shows the generator between its reader and what it waits for") {
  run_in_virtual_time([]() -> task<> {
    int alive = 0;
    auto numbers = count_to(1, live_count(alive));
    auto reading = spawn(next_or_zero(numbers));
    co_await yield_now();
    const std::string tree = await_tree();
    CHECK(tree.find("next_or_zero") < tree.find("count_to"));
    CHECK(tree.find("count_to") < tree.find("waits for a timer, 1 ms"));
    co_await reading;
  }());
}

TEST_CASE("a million elements that are there at once need no stack") {
  CHECK(run_in_virtual_time([]() -> task<long> {
          long sum = 0;
          auto numbers = at_once(1'000'000);
          while (const auto number = co_await numbers.next())
            sum += *number;
          co_return sum;
        }()) == 499'999'500'000);
}
