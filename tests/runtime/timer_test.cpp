// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When timers fire. Time is virtual: it jumps to the next timer, so the order is exact and nothing takes long.
#include "on_each_backend.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <memory>
#include <string>
#include <utility>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<> append_after(std::string &log, std::chrono::milliseconds delay, char letter) {
  co_await sleep_for(delay);
  log += letter;
}

} // namespace

TEST_CASE("timers fire in the order of their deadlines, not of their arming") {
  std::string log;
  run_in_virtual_time([](std::string &to) -> task<> {
    auto c = spawn(append_after(to, 30ms, 'c'));
    auto a = spawn(append_after(to, 10ms, 'a'));
    auto b = spawn(append_after(to, 20ms, 'b'));
    co_await c;
    CHECK(a.done());
    CHECK(b.done());
  }(log));
  CHECK(log == "abc");
}

TEST_CASE("timers of one deadline fire in the order of their arming") {
  std::string log;
  run_in_virtual_time([](std::string &to) -> task<> {
    for (char letter = 'a'; letter <= 'z'; ++letter)
      spawn(append_after(to, 5ms, letter));
    co_await sleep_for(6ms);
  }(log));
  CHECK(log == "abcdefghijklmnopqrstuvwxyz");
}

TEST_CASE("a sleep lasts exactly as long as it says, and a very long one is no overflow") {
  run_in_virtual_time([]() -> task<> {
    const auto start = current_loop().now();
    co_await sleep_for(1500us);
    CHECK(current_loop().now() - start == 1500us);
    co_await sleep_until(start + 24h);
    CHECK(current_loop().now() - start == 24h);
    co_await sleep_for(-5s);
    co_await sleep_for(0s);
    CHECK(current_loop().now() - start == 24h);
    spawn([]() -> task<> { co_await sleep_for(std::chrono::hours::max()); }());
    co_await yield_now();
  }());
}

TEST_CASE("a sleep that has passed lets the others have their turn first") {
  std::string log;
  run_in_virtual_time([](std::string &to) -> task<> {
    auto other = spawn([](std::string &into) -> task<> {
      into += "other ";
      co_return;
    }(to));
    co_await sleep_for(0s);
    to += "main";
    co_await other;
  }(log));
  CHECK(log == "other main");
}

TEST_CASE_METHOD(on_each_backend, "a sleep in real time is not shorter than it says") {
  const auto start = std::chrono::steady_clock::now();
  run([]() -> task<> { co_await sleep_for(3ms); }());
  CHECK(std::chrono::steady_clock::now() - start >= 3ms);
}

TEST_CASE("a timer that is destroyed in the turn in which it fires is not resumed") {
  int resumed = 0;
  run_in_virtual_time([](int &count) -> task<> {
    auto holder = std::make_unique<task<>>([](int &to) -> task<> {
      co_await sleep_for(1ms);
      ++to;
    }(count));
    // Runs first at 1 ms, when the other's timer has fired as well but the other was not resumed yet.
    auto both = spawn([](std::unique_ptr<task<>> &victim) -> task<> {
      co_await sleep_for(1ms);
      victim.reset();
    }(holder));
    co_await yield_now();
    struct start_detached {
      task<> &work;
      bool await_ready() const noexcept { return false; }
      bool await_suspend(std::coroutine_handle<>) const {
        work.coroutine().promise().continue_with(detail::continuation::to(std::noop_coroutine()));
        work.coroutine().resume();
        return false;
      }
      void await_resume() const noexcept {}
    };
    co_await start_detached{*holder};
    co_await sleep_for(2ms);
    CHECK(both.done());
  }(resumed));
  CHECK(resumed == 0);
}
