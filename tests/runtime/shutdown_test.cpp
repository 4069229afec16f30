// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a run ends that has tasks left or is interrupted.
#include "captured_stderr.h"
#include "later.h"
#include "live_count.h"
#include "on_each_backend.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/shield.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <csignal>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<> swallow_for_ever() {
  for (;;) {
    try {
      co_await sleep_for(1h);
    } catch (const cancelled &) {
    }
  }
}

} // namespace

TEST_CASE_METHOD(on_each_backend, "tasks that are left when main ends are cancelled and may clean up") {
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

TEST_CASE_METHOD(on_each_backend, "a task that swallows its cancellation for ever does not keep run from ending") {
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
  CHECK_THAT(said, Catch::Matchers::Contains("shutdown_test.cpp:"));
}

TEST_CASE("any number of tasks that are left when main ends clean up, whoever swallows his cancellation for ever") {
  constexpr int tasks = 12'000;
  int cleaned = 0;
  const std::string said = captured_stderr([&] {
    run_in_virtual_time([](int &count) -> task<> {
      for (int i = 0; i < tasks; ++i)
        spawn([](int &to) -> task<> {
          try {
            co_await sleep_for(1h);
          } catch (const cancelled &) {
          }
          try {
            co_await sleep_for(1h); // a second await that throws
          } catch (const cancelled &) {
          }
          co_await shield(later(1h, 0));
          ++to;
        }(count));
      spawn(with_task_group([](task_group &group) -> task<> {
        group.spawn(swallow_for_ever());
        co_return;
      }));
      co_await yield_now();
    }(cleaned));
  });
  CHECK(cleaned == tasks);
  CHECK_THAT(said, Catch::Matchers::Contains("swallow_for_ever"));
  CHECK(said.size() < 2'000); // the others are not accused
}

TEST_CASE_METHOD(on_each_backend, "an interrupt cancels main, and run says so") {
  event_loop loop(event_loop::time_source::virtual_clock);
  loop.interrupt();
  CHECK_THROWS_AS(loop.run(later(1ms, 1)), task_cancelled);
  CHECK(loop.run(later(1ms, 2)) == 2);
}

TEST_CASE_METHOD(on_each_backend, "SIGINT cancels main, which cleans up; a second one ends the process") {
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

TEST_CASE_METHOD(on_each_backend, "run leaves a program's own handler of SIGINT alone") {
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
