// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tasks side by side: all of them end before when_all does, and no outcome is lost.
#include "captured_stderr.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/when_all.h>
#include <memory>
#include <stdexcept>
#include <string>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

template <class T> T run_in_virtual_time(task<T> main) {
  event_loop loop(event_loop::time_source::virtual_clock);
  return loop.run(std::move(main));
}

template <class T> task<T> later(std::chrono::milliseconds delay, T value) {
  co_await sleep_for(delay);
  co_return value;
}

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

TEST_CASE("when_all waits for the others when one fails, and loses no second failure") {
  int ended = 0;
  const std::string said = captured_stderr([&] {
    run_in_virtual_time([](int &count) -> task<> {
      std::string caught;
      try {
        co_await when_all(fails_later(20ms, "first argument"), nothing_later(30ms, count),
                          fails_later(10ms, "second failure"));
      } catch (const std::runtime_error &error) {
        caught = error.what();
      }
      CHECK(caught == "first argument");
      CHECK(count == 1);
    }(ended));
  });
  CHECK(ended == 1);
  CHECK_THAT(said, Catch::Matchers::Contains("second failure"));
}
