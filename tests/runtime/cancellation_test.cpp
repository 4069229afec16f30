// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a cancellation reaches, what it does not, and that it is never lost.
#include "captured_stderr.h"
#include "live_count.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/shield.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/with_timeout.h>
#include <csignal>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<int> value_after(std::chrono::milliseconds delay, int value) {
  co_await sleep_for(delay);
  co_return value;
}

/// Notes each way out of a sleep.
task<> sleep_noting(std::string &log) {
  try {
    co_await sleep_for(1h);
    log += "slept ";
  } catch (const cancelled &why) {
    log += why.reason() + " ";
    throw;
  }
}

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
    auto done = spawn(value_after(1ms, 7));
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
    auto work = spawn(value_after(10ms, 3));
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
      const int value = co_await shield(value_after(5ms, 1));
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
        to += std::to_string(co_await shield(value_after(5ms, 42)));
    }(log));
    co_await yield_now();
    cleaning.cancel();
    co_await cleaning;
    CHECK(log == "42");
  }());
}

TEST_CASE("a timeout gives the value of work that ends in time, and lets its exception pass") {
  run_in_virtual_time([]() -> task<> {
    const int value = co_await with_timeout(5ms, value_after(4ms, 9));
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
      CHECK_THAT(over.what(), Catch::Matchers::Contains("cancellation_test.cpp:"));
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
              co_await shield(value_after(3ms, 0));
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
      co_await with_timeout(10ms, with_timeout(20ms, value_after(1000ms, 0)));
    } catch (const timed_out &) {
      ++caught;
    }
    CHECK(current_loop().now() - start == 10ms);
    try {
      co_await with_timeout(20ms, with_timeout(10ms, value_after(1000ms, 0)));
    } catch (const timed_out &) {
      ++caught;
    }
    CHECK(current_loop().now() - start == 20ms);
    CHECK(caught == 2);
  }());
}

TEST_CASE("work that has a value all the same when its time is over gives it") {
  run_in_virtual_time([]() -> task<> {
    const int value = co_await with_timeout(1ms, shield(value_after(5ms, 4)));
    CHECK(value == 4);
  }());
}

TEST_CASE("tasks that are left when main ends are cancelled and may clean up") {
  std::string log;
  run_in_virtual_time([](std::string &to) -> task<> {
    spawn([](std::string &into) -> task<> {
      bool stopped = false;
      try {
        co_await sleep_for(1h);
      } catch (const cancelled &why) {
        into += why.reason();
        stopped = true;
      }
      if (stopped)
        co_await shield(sleep_noting(into));
    }(to));
    co_await yield_now();
    co_await yield_now();
  }(log));
  CHECK(log == "the main task has endedslept ");
}

TEST_CASE("a task that swallows its cancellation for ever does not keep run from ending") {
  int alive = 0;
  const std::string said = captured_stderr([&] {
    run_in_virtual_time([](int &count) -> task<> {
      spawn([](live_count) -> task<> {
        for (;;) {
          try {
            co_await sleep_for(1h);
          } catch (...) {
          }
        }
      }(live_count(count)));
      co_await yield_now();
      co_await yield_now();
    }(alive));
  });
  CHECK(alive == 0);
  CHECK_THAT(said, Catch::Matchers::Contains("cancellation_test.cpp:"));
}

TEST_CASE("an interrupt cancels main, and run says so") {
  event_loop loop(event_loop::time_source::virtual_clock);
  loop.interrupt();
  CHECK_THROWS_AS(loop.run(value_after(1ms, 1)), task_cancelled);
  CHECK(loop.run(value_after(1ms, 2)) == 2);
}

TEST_CASE("SIGINT cancels main, which cleans up; a second one ends the process") {
  for (const bool twice : {false, true}) {
    const pid_t child = ::fork();
    if (child == 0) {
      std::signal(SIGINT, SIG_DFL); // Catch has its own handler
      int code = 1;
      try {
        run([](bool again) -> task<> {
          bool stopped = false;
          try {
            ::raise(SIGINT);
            co_await sleep_for(1h);
          } catch (const cancelled &) {
            stopped = true;
          }
          if (stopped && again)
            ::raise(SIGINT);
          co_await yield_now();
        }(twice));
      } catch (const task_cancelled &) {
        code = 7;
      }
      ::_exit(code);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    if (twice)
      CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGINT));
    else
      CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 7));
  }
}

TEST_CASE("run leaves a program's own handler of SIGINT alone") {
  static volatile std::sig_atomic_t seen;
  seen = 0;
  const auto before = std::signal(SIGINT, [](int) { seen = 1; });
  run([]() -> task<> {
    ::raise(SIGINT);
    co_await yield_now();
  }());
  std::signal(SIGINT, before);
  CHECK(seen == 1);
}
