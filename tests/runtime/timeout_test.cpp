// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When the time of work is over: what it gave by then counts, and it has ended when the timeout throws.
#include "later.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/shield.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/with_timeout.h>
#include <string>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

TEST_CASE("a timeout gives the value of work that ends in time, and lets its exception pass") {
  run_in_virtual_time([]() -> task<> {
    const int value = co_await with_timeout(5ms, later(4ms, 9));
    CHECK(value == 9);
    std::string caught;
    try {
      co_await with_timeout(5ms, []() -> task<> {
        co_await yield_now();
        throw std::runtime_error("its own");
      }());
    } catch (const std::runtime_error &error) {
      caught = error.what();
    }
    CHECK(caught == "its own");
    CHECK(current_loop().now().time_since_epoch() == 4ms);
  }());
}

TEST_CASE("work whose time is over has ended, clean-up included, when the timeout throws") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    try {
      co_await with_timeout(5ms, [](std::string &to) -> task<> {
        bool stopped = false;
        try {
          co_await sleep_for(1h);
        } catch (const cancelled &why) {
          to += why.reason() + ", ";
          stopped = true;
        }
        if (stopped)
          co_await shield([](std::string &into) -> task<> {
            co_await sleep_for(10ms);
            into += "cleaned up, ";
          }(to));
        co_await yield_now();
      }(log));
    } catch (const timed_out &over) {
      log += "timed out";
      CHECK(over.code() == std::errc::timed_out);
      CHECK_THAT(over.what(), Catch::Matchers::Contains("timeout_test.cpp:"));
    }
    CHECK(log == "the time was over, cleaned up, timed out");
    CHECK(current_loop().now().time_since_epoch() == 15ms);
    co_await yield_now(); // the timeout's cancellation ends with it
  }());
}

TEST_CASE("an inner timeout does not swallow an outer cancellation that comes with it or during its clean-up") {
  for (const auto outer_comes : {1ms, 5ms, 7ms}) {
    run_in_virtual_time([](std::chrono::milliseconds when) -> task<> {
      std::string log;
      auto both = spawn([](std::string &to) -> task<> {
        try {
          co_await with_timeout(5ms, []() -> task<> {
            bool stopped = false;
            try {
              co_await sleep_for(1h);
            } catch (const cancelled &) {
              stopped = true;
            }
            if (stopped)
              co_await shield(later(3ms, 0));
            co_await yield_now();
          }());
        } catch (const timed_out &) {
          to += "timed out ";
        }
        to += "handled ";
        co_await yield_now();
        to += "swallowed";
      }(log));
      co_await sleep_for(when);
      both.cancel("from outside");
      co_await both.ended();
      CHECK(both.was_cancelled());
      CHECK(log.find("swallowed") == std::string::npos);
    }(outer_comes));
  }
}

TEST_CASE("the nearer of two timeouts counts, whichever is the outer one") {
  run_in_virtual_time([]() -> task<> {
    const auto start = current_loop().now();
    int caught = 0;
    try {
      co_await with_timeout(10ms, with_timeout(20ms, later(1000ms, 0)));
    } catch (const timed_out &) {
      ++caught;
    }
    CHECK(current_loop().now() - start == 10ms);
    try {
      co_await with_timeout(20ms, with_timeout(10ms, later(1000ms, 0)));
    } catch (const timed_out &) {
      ++caught;
    }
    CHECK(current_loop().now() - start == 20ms);
    CHECK(caught == 2);
  }());
}

TEST_CASE("work that has a value all the same when its time is over gives it") {
  run_in_virtual_time([]() -> task<> {
    const int value = co_await with_timeout(1ms, shield(later(5ms, 4)));
    CHECK(value == 4);
  }());
}
