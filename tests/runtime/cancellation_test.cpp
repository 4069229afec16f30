// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a cancellation reaches, what it does not, and that it is never lost.
#include "later.h"
#include "live_count.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/shield.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/when_all.h>
#include <coroscope/when_any.h>
#include <stdexcept>
#include <string>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<> swallow(std::string &log, int times) {
  for (int i = 0; i < times; ++i) {
    try {
      co_await sleep_for(1h);
    } catch (const cancelled &) {
      log += 's';
    }
  }
}

} // namespace

TEST_CASE("a cancelled task's await throws the reason, and its join throws task_cancelled") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    auto asleep = spawn(sleep_noting(log));
    co_await yield_now();
    asleep.cancel("no longer wanted");
    CHECK_FALSE(asleep.done());
    std::string caught;
    try {
      co_await asleep;
    } catch (const task_cancelled &error) {
      caught = error.why().reason();
      CHECK_THAT(error.what(), Catch::Matchers::Contains("no longer wanted"));
      CHECK_THAT(error.why().origin().file_name(), Catch::Matchers::EndsWith("cancellation_test.cpp"));
    }
    CHECK(caught == "no longer wanted");
    CHECK(log == "no longer wanted ");
    CHECK(asleep.was_cancelled());
    co_await yield_now(); // the joining task itself goes on
  }());
}

TEST_CASE("a task that is cancelled before its first step runs to its first await, which throws") {
  run_in_virtual_time([]() -> task<> {
    int alive = 0;
    bool started = false, passed = false;
    auto never = spawn([](bool &begun, bool &ended, live_count) -> task<> {
      begun = true;
      co_await yield_now();
      ended = true;
    }(started, passed, live_count(alive)));
    never.cancel();
    co_await never.ended();
    CHECK(never.was_cancelled());
    CHECK(started);
    CHECK_FALSE(passed);
  }());
}

TEST_CASE("a task that has ended takes no notice of a cancellation") {
  run_in_virtual_time([]() -> task<> {
    auto done = spawn(later(1ms, 7));
    co_await done.ended();
    done.cancel();
    CHECK_FALSE(done.was_cancelled());
    const int value = co_await done;
    CHECK(value == 7);
  }());
}

TEST_CASE("whoever swallows a cancellation meets it again at the next await") {
  std::string log;
  run_in_virtual_time([](std::string &to) -> task<> {
    auto stubborn = spawn(swallow(to, 3));
    co_await yield_now();
    stubborn.cancel();
    co_await stubborn; // it ends by itself, so it was not cancelled
    CHECK_FALSE(stubborn.was_cancelled());
  }(log));
  CHECK(log == "sss");
}

TEST_CASE("one that swallows lets the others have their turn") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    auto stubborn = spawn(swallow(log, 1000));
    co_await yield_now();
    stubborn.cancel();
    co_await yield_now();
    CHECK(log.size() < 10);
    co_await stubborn;
  }());
}

TEST_CASE("a cancellation reaches the leaf through as many tasks as are in between") {
  run_in_virtual_time([]() -> task<> {
    struct nested {
      static task<> in(int depth, std::string &log) {
        if (depth == 0)
          co_await sleep_noting(log);
        else
          co_await in(depth - 1, log);
      }
    };
    std::string log;
    auto deep = spawn(nested::in(10'000, log));
    co_await yield_now();
    co_await yield_now();
    deep.cancel("deep");
    co_await deep.ended();
    CHECK(log == "deep ");
    CHECK(deep.was_cancelled());
  }());
}

TEST_CASE("an operation that is done when the cancellation comes gives its result, and the next await throws") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    auto worker = spawn([](std::string &to) -> task<> {
      co_await sleep_for(1ms);
      to += "slept ";
      co_await yield_now();
      to += "not reached";
    }(log));
    co_await worker.ended();
    CHECK(log == "slept not reached");

    log.clear();
    struct canceller {
      static task<> at_1ms(join_handle<> &victim) {
        co_await sleep_for(1ms);
        victim.cancel(); // in the tick in which the victim's timer has fired as well
      }
    };
    auto first = spawn(canceller::at_1ms(worker));
    worker = spawn([](std::string &to) -> task<> {
      co_await sleep_for(1ms);
      to += "slept ";
      co_await yield_now();
      to += "not reached";
    }(log));
    co_await worker.ended();
    CHECK(log == "slept ");
    CHECK(worker.was_cancelled());
    co_await first;
  }());
}

TEST_CASE("a cancelled join leaves the joined task alone") {
  run_in_virtual_time([]() -> task<> {
    auto work = spawn(later(10ms, 3));
    auto joining = spawn([](join_handle<int> &on) -> task<> { co_await on; }(work));
    co_await yield_now();
    joining.cancel();
    co_await joining.ended();
    CHECK(joining.was_cancelled());
    const int value = co_await work;
    CHECK(value == 3);
  }());
}

TEST_CASE("shielded work runs to its end, and the cancellation comes after it") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    auto cleaning = spawn([](std::string &to) -> task<> {
      const int value = co_await shield(later(5ms, 1));
      to += value == 1 ? "cleaned " : "?";
      co_await yield_now();
      to += "not reached";
    }(log));
    co_await yield_now();
    cleaning.cancel();
    co_await cleaning.ended();
    CHECK(log == "cleaned ");
    CHECK(cleaning.was_cancelled());
  }());
}

TEST_CASE("a task that is cancelled may still await what it shields") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    auto cleaning = spawn([](std::string &to) -> task<> {
      bool stopped = false;
      try {
        co_await sleep_for(1h);
      } catch (const cancelled &) {
        stopped = true;
      }
      if (stopped)
        to += std::to_string(co_await shield(later(5ms, 42)));
    }(log));
    co_await yield_now();
    cleaning.cancel();
    co_await cleaning;
    CHECK(log == "42");
  }());
}

namespace {

struct seen_reason {
  std::string text, function;
  unsigned line = 0;
};

constexpr unsigned line_of_failure = __LINE__ + 2;
task<> failing_service() {
  co_await sleep_for(1ms);
  throw std::runtime_error("the disk is full");
}

constexpr unsigned line_of_winner = __LINE__ + 1;
task<> quick_answer() { co_await sleep_for(1ms); }

task<> note_reason(seen_reason &to) {
  try {
    co_await sleep_for(1h);
  } catch (const cancelled &why) {
    to = {why.reason(), why.origin().function_name(), why.origin().line()};
    throw;
  }
}

} // namespace

TEST_CASE("a reason names the task that it came from: the one that failed, was first, or has ended") {
  using Catch::Matchers::Contains;
  seen_reason of_sibling, of_loser, of_left;
  unsigned line_of_end = 0;
  run_in_virtual_time([](seen_reason &sibling, seen_reason &loser, seen_reason &left, unsigned &end) -> task<> {
    try {
      co_await when_all(note_reason(sibling), failing_service());
    } catch (const std::runtime_error &) {
    }
    co_await when_any(note_reason(loser), quick_answer());
    spawn(note_reason(left));
    end = __LINE__ + 1;
    co_await yield_now();
  }(of_sibling, of_loser, of_left, line_of_end));
  CHECK_THAT(of_sibling.text, Contains("the disk is full"));
  CHECK_THAT(of_sibling.function, Contains("failing_service"));
  CHECK(of_sibling.line == line_of_failure);
  CHECK_THAT(of_loser.function, Contains("quick_answer"));
  CHECK(of_loser.line == line_of_winner);
  CHECK(of_left.text == "the main task has ended");
  CHECK(of_left.line == line_of_end);
}
