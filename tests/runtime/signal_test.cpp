// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Signals: on which loops they arrive, what becomes of them before and after, and what they print.
#include "captured_stderr.h"
#include "on_each_backend.h"
#include "streams.h"
#include "virtual_time.h"
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/await_tree.h>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/signal_stream.h>
#include <coroscope/sleep.h>
#include <coroscope/when_all.h>
#include <coroscope/with_timeout.h>
#include <csignal>
#include <latch>
#include <memory>
#include <pthread.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

/// What a signal does, for as long as this exists.
class handled {
public:
  handled(int signal, void (*by)(int)) : signal_(signal), before_(std::signal(signal, by)) {}
  handled(const handled &) = delete;
  handled &operator=(const handled &) = delete;
  ~handled() { std::signal(signal_, before_); }

private:
  int signal_;
  void (*before_)(int);
};

task<int> next_of(signal_stream &signals) { co_return co_await signals.next(); }

volatile std::sig_atomic_t handler_calls;
void count_call(int) { handler_calls = handler_calls + 1; }

} // namespace

TEST_CASE_METHOD(on_each_backend, "a signal comes out of every stream that names it") {
  run([]() -> task<> {
    signal_stream first{SIGUSR1, SIGUSR2}, second{SIGUSR2}, other{SIGHUP};
    auto a = spawn(next_of(first));
    auto b = spawn(next_of(second));
    auto c = spawn(next_of(other));
    co_await yield_now();
    ::raise(SIGUSR2);
    CHECK(co_await a == SIGUSR2);
    CHECK(co_await b == SIGUSR2);
    CHECK_FALSE(c.done());
    ::raise(SIGUSR1);
    const int again = co_await first.next();
    CHECK(again == SIGUSR1);
    c.cancel();
  }());
}

TEST_CASE_METHOD(on_each_backend, "signals wait in the stream, each number once, the lowest first") {
  run([]() -> task<> {
    signal_stream signals{SIGUSR1, SIGUSR2, SIGTERM, SIGRTMAX};
    for (const int each : {SIGRTMAX, SIGTERM, SIGUSR1, SIGTERM, SIGUSR2, SIGUSR1})
      ::raise(each);
    std::vector<int> came;
    for (int i = 0; i < 4; ++i)
      came.push_back(co_await signals.next());
    CHECK(came == std::vector<int>{SIGUSR1, SIGUSR2, SIGTERM, SIGRTMAX});
    std::error_code none;
    try {
      co_await with_timeout(1ms, next_of(signals));
    } catch (const timed_out &error) {
      none = error.code();
    }
    CHECK(is(none, std::errc::timed_out));
  }());
}

TEST_CASE_METHOD(on_each_backend, "each of several loops gets a signal that another thread sends") {
  constexpr int loops = 3;
  std::latch all_listen(loops);
  std::atomic<int> came = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < loops; ++i)
    threads.emplace_back([&] {
      run([](std::latch &listening, std::atomic<int> &count) -> task<> {
        signal_stream signals{SIGUSR1};
        listening.count_down();
        count += co_await signals.next();
      }(all_listen, came));
    });
  all_listen.wait();
  ::kill(::getpid(), SIGUSR1);
  for (std::thread &each : threads)
    each.join();
  CHECK(came == loops * SIGUSR1);
}

TEST_CASE_METHOD(on_each_backend, "no signal is lost between two that are waited for") {
  constexpr int rounds = 2000;
  std::atomic<int> seen = 0;
  std::latch listens(1);
  std::thread sending([&] {
    listens.wait();
    for (int i = 0; i < rounds; ++i) {
      ::kill(::getpid(), SIGUSR1);
      while (seen <= i)
        std::this_thread::yield();
    }
  });
  run([](std::latch &listening, std::atomic<int> &count) -> task<> {
    signal_stream signals{SIGUSR1};
    listening.count_down();
    for (int i = 0; i < rounds; ++i) {
      co_await signals.next();
      ++count;
    }
  }(listens, seen));
  sending.join();
  CHECK(seen == rounds);
}

TEST_CASE_METHOD(on_each_backend, "streams that come and go while signals rain leave no handler without a receiver") {
  const handled ignored(SIGUSR1, SIG_IGN);
  std::atomic<bool> stop = false;
  std::thread sending([&] {
    while (!stop) {
      ::kill(::getpid(), SIGUSR1);
      std::this_thread::yield();
    }
  });
  run([]() -> task<> {
    for (int i = 0; i < 500; ++i) {
      signal_stream first{SIGUSR1};
      auto second = std::make_unique<signal_stream>(std::initializer_list<int>{SIGUSR1});
      co_await first.next();
      first = std::move(*second);
      second.reset();
      co_await first.next();
    }
  }());
  stop = true;
  sending.join();
}

TEST_CASE_METHOD(on_each_backend, "after the last stream a signal does what it did before") {
  const handled counted(SIGUSR1, count_call);
  handler_calls = 0;
  run([]() -> task<> {
    auto first = std::make_unique<signal_stream>(std::initializer_list<int>{SIGUSR1});
    auto second = std::make_unique<signal_stream>(std::initializer_list<int>{SIGUSR1, SIGUSR2});
    first.reset();
    ::raise(SIGUSR1);
    const int came = co_await second->next();
    CHECK(came == SIGUSR1);
    CHECK(handler_calls == 0);
    second.reset();
    ::raise(SIGUSR1);
    CHECK(handler_calls == 1);
  }());
}

TEST_CASE("what is no signal to wait for is refused by its number, and the others are left alone") {
  const handled counted(SIGUSR1, count_call);
  handler_calls = 0;
  for (const int each : {0, -1, 65, SIGKILL, SIGSTOP, SIGSEGV})
    CHECK_THROWS_WITH((signal_stream{SIGUSR1, each}), Contains("signal " + std::to_string(each)));
  ::raise(SIGUSR1);
  CHECK(handler_calls == 1);
  signal_stream moved{SIGUSR1};
  const signal_stream to = std::move(moved);
  CHECK_THROWS_WITH(moved.next(), Contains("moved from")); // NOLINT(bugprone-use-after-move): that is the test
}

TEST_CASE_METHOD(on_each_backend, "destroying a stream ends the wait for it") {
  run([]() -> task<> {
    auto signals = std::make_unique<signal_stream>(std::initializer_list<int>{SIGUSR1});
    auto waiting = spawn(error_of(next_of(*signals)));
    co_await yield_now();
    signals.reset();
    const std::error_code ended = co_await waiting;
    CHECK(is(ended, std::errc::operation_canceled));
  }());
}

TEST_CASE_METHOD(on_each_backend, "SIGINT goes to a stream that names it, and not to run") {
  const handled by_default(SIGINT, SIG_DFL); // Catch has its own handler
  run([]() -> task<> {
    signal_stream signals{SIGINT};
    for (int i = 0; i < 3; ++i) {
      ::raise(SIGINT);
      const int came = co_await signals.next();
      CHECK(came == SIGINT);
    }
    co_await yield_now();
  }());
}

TEST_CASE_METHOD(on_each_backend, "SIGINT interrupts each loop that runs") {
  const handled by_default(SIGINT, SIG_DFL);
  std::latch both_run(2);
  std::atomic<int> interrupted = 0;
  const auto run_until_interrupted = [&] {
    try {
      run([](std::latch &running) -> task<> {
        running.arrive_and_wait();
        co_await sleep_for(1h);
      }(both_run));
    } catch (const task_cancelled &) {
      ++interrupted;
    }
  };
  std::thread other(run_until_interrupted), sending([&] {
    both_run.wait();
    ::kill(::getpid(), SIGINT);
  });
  run_until_interrupted();
  other.join();
  sending.join();
  CHECK(interrupted == 2);
}

TEST_CASE_METHOD(on_each_backend, "a signal prints the await tree of each loop that asked for it") {
  const std::string said = captured_stderr([] {
    run_in_virtual_time([]() -> task<> {
      const auto printing = print_await_tree_on(SIGUSR1);
      auto sleeping = spawn([]() -> task<> { co_await sleep_for(1h); }());
      co_await yield_now();
      ::raise(SIGUSR1);
      ::raise(SIGUSR1);
      co_await sleep_for(1ms);
      sleeping.cancel();
    }());
  });
  CHECK_THAT(said, Contains("what each waits for:") && Contains("waits for a timer, 1 ms from now") &&
                       Contains("waits for a timer, 3600000 ms from now"));
  CHECK(said.find("what each waits for:") == said.rfind("what each waits for:"));
}

TEST_CASE_METHOD(on_each_backend, "a loop that sleeps prints its await tree at once") {
  const std::string said = captured_stderr([] {
    std::latch sleeps(1);
    std::thread sending([&, loop = ::pthread_self()] {
      sleeps.wait();
      ::pthread_kill(loop, SIGUSR2);
      struct stat printed{};
      while (::fstat(STDERR_FILENO, &printed) == 0 && printed.st_size == 0)
        std::this_thread::yield();
      ::pthread_kill(loop, SIGUSR1);
    });
    run([](std::latch &about_to_sleep) -> task<> {
      const auto printing = print_await_tree_on(SIGUSR2);
      signal_stream end{SIGUSR1};
      about_to_sleep.count_down();
      co_await end.next();
    }(sleeps));
    sending.join();
  });
  CHECK_THAT(said, Contains("waits for a signal"));
}

TEST_CASE_METHOD(on_each_backend, "a loop that would print its await tree still sees a deadlock") {
  CHECK_THROWS_AS(run_in_virtual_time([]() -> task<> {
                    const auto printing = print_await_tree_on(SIGUSR1);
                    co_await std::suspend_always();
                  }()),
                  deadlock_error);
}

TEST_CASE_METHOD(on_each_backend, "an await tree that was asked for is printed before its printer goes") {
  const std::string said = captured_stderr([] {
    run([]() -> task<> {
      const auto printing = print_await_tree_on(SIGUSR1);
      ::raise(SIGUSR1);
      co_return;
    }());
  });
  CHECK_THAT(said, Contains("is running"));
}
