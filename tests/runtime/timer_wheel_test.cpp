// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The wheel against a sorted list: what fires, when, and in which order.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/detail/timer_wheel.h>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

using namespace coroscope;
using namespace std::chrono_literals;
using coroscope::detail::time_point;

namespace {

struct plain_timer final : detail::timer {};

/// Timers, and the same in a plain list.
struct wheel_and_list {
  explicit wheel_and_list(std::uint_fast32_t seed) : random(seed) {}

  /// Of any order of magnitude from 1 ns to 70 years.
  std::chrono::nanoseconds some_delay() {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(random() % (std::uint64_t(1) << (1 + random() % 61))));
  }
  void arm(time_point deadline) {
    timers.push_back(std::make_unique<plain_timer>());
    wheel.arm(*timers.back(), deadline);
    armed.emplace_back(std::max(deadline, now), timers.size() - 1);
  }
  void cancel_one() {
    if (armed.empty())
      return;
    const std::size_t which = random() % armed.size();
    wheel.cancel(*timers[armed[which].second]);
    armed.erase(armed.begin() + static_cast<std::ptrdiff_t>(which));
  }
  void advance_to(time_point then) {
    now = then;
    wheel.advance(now, ready);
    std::sort(armed.begin(), armed.end());
    std::size_t fired = 0;
    for (; !ready.empty(); ++fired) {
      REQUIRE(fired < armed.size());
      REQUIRE(armed[fired].first <= now);
      REQUIRE(&ready.pop_front() == timers[armed[fired].second].get());
    }
    armed.erase(armed.begin(), armed.begin() + static_cast<std::ptrdiff_t>(fired));
    REQUIRE((armed.empty() || armed.front().first > now));
  }

  std::mt19937_64 random;
  time_point now{};
  detail::timer_wheel wheel;
  detail::ready_list ready;
  std::vector<std::unique_ptr<plain_timer>> timers;
  std::vector<std::pair<time_point, std::size_t>> armed; ///< deadline, place in `timers`
};

} // namespace

TEST_CASE("the wheel gives back what was armed and not cancelled, earliest first, whatever the distances") {
  for (std::uint_fast32_t seed = 1; seed <= 20; ++seed) {
    wheel_and_list both(seed);
    for (int step = 0; step < 2000; ++step) {
      switch (both.random() % 8) {
      case 0:
        both.cancel_one();
        break;
      case 1:
        both.advance_to(both.now + both.some_delay() / 1000);
        break;
      case 2:
        both.arm(both.now - 5ns); // has passed
        both.advance_to(both.now);
        break;
      case 3: // of one deadline
        for (int i = 0; i < 3; ++i)
          both.arm(both.now + 4096ns);
        break;
      default:
        both.arm(both.now + both.some_delay());
      }
    }
    while (const auto next = both.wheel.next_event())
      both.advance_to(std::max(both.now, *next));
    CHECK(both.armed.empty());
    CHECK(both.wheel.empty());
  }
}

TEST_CASE("the next event is the deadline where few timers are near, and never later than it") {
  detail::timer_wheel wheel;
  detail::ready_list ready;
  CHECK_FALSE(wheel.next_event().has_value());
  std::vector<std::unique_ptr<plain_timer>> timers;
  const time_point first = time_point() + 1'234'567'891ns;
  for (int i = 0; i < 8; ++i) {
    timers.push_back(std::make_unique<plain_timer>());
    wheel.arm(*timers.back(), first + std::chrono::microseconds(i));
    CHECK(wheel.next_event() == first);
  }
  for (int i = 0; i < 100; ++i) {
    timers.push_back(std::make_unique<plain_timer>());
    wheel.arm(*timers.back(), first + std::chrono::microseconds(i));
  }
  int rounds = 0;
  for (time_point now{}; ready.empty(); wheel.advance(now, ready), ++rounds) {
    REQUIRE(wheel.next_event().has_value());
    REQUIRE(*wheel.next_event() <= first);
    REQUIRE(*wheel.next_event() > now);
    now = *wheel.next_event();
  }
  CHECK(rounds < 11); // at most one a level
  CHECK(ready.pop_front().linked() == false);
}

TEST_CASE("a million timers are armed, and every second one cancelled, in one go") {
  constexpr std::size_t count = 1'000'000;
  detail::timer_wheel wheel;
  detail::ready_list ready;
  const auto timers = std::make_unique<plain_timer[]>(count);
  for (std::size_t i = 0; i < count; ++i)
    wheel.arm(timers[i], time_point() + std::chrono::nanoseconds(1 + i * 7919 % 1'000'003));
  for (std::size_t i = 0; i < count; i += 2)
    wheel.cancel(timers[i]);
  wheel.advance(time_point() + 1s, ready);
  time_point last{};
  std::size_t fired = 0;
  bool in_order = true;
  for (; !ready.empty(); ++fired) {
    const auto &timer = static_cast<const plain_timer &>(ready.pop_front());
    in_order = in_order && last <= timer.deadline();
    last = timer.deadline();
  }
  CHECK(fired == count / 2);
  CHECK(in_order);
  CHECK(wheel.empty());
}

TEST_CASE("a wheel that goes away before its timers leaves them unarmed") {
  plain_timer soon, late, passed;
  {
    detail::timer_wheel wheel;
    wheel.arm(soon, time_point() + 1ns);
    wheel.arm(late, time_point::max());
    wheel.arm(passed, time_point());
    CHECK(late.armed());
  }
  CHECK_FALSE((soon.armed() || late.armed() || passed.armed()));
}
