// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One loop a core: what they share, how one ends the others, and that connections are spread over them.
#include "on_each_backend.h"
#include "streams.h"
#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/run_on_cores.h>
#include <coroscope/shared_channel.h>
#include <coroscope/shield.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/when_all.h>
#include <csignal>
#include <latch>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

constexpr unsigned cores = 3;

/// Waits until it is cancelled, and counts its clean-up.
task<> wait_and_clean_up(std::atomic<int> &cleaned_up) {
  bool stopped = false;
  try {
    co_await sleep_for(1h);
  } catch (const cancelled &) {
    stopped = true;
  }
  if (stopped)
    co_await shield([](std::atomic<int> &count) -> task<> {
      co_await yield_now();
      ++count;
    }(cleaned_up));
  co_await yield_now(); // throws
}

} // namespace

TEST_CASE_METHOD(on_each_backend, "each core has a thread and a loop of its own, and core 0 the caller's thread") {
  std::vector<std::thread::id> threads(cores);
  std::vector<event_loop *> loops(cores);
  std::latch all_run(cores); // so that no loop takes another's place
  run_on_cores(cores, [&](unsigned core) -> task<> {
    threads[core] = std::this_thread::get_id();
    loops[core] = &current_loop();
    all_run.arrive_and_wait();
    co_await yield_now();
  });
  CHECK(threads[0] == std::this_thread::get_id());
  CHECK(std::set(threads.begin(), threads.end()).size() == cores);
  CHECK(std::set(loops.begin(), loops.end()).size() == cores);
}

TEST_CASE("no number of cores means as many as may be used") {
  CHECK(usable_cores() >= 1);
  std::atomic<unsigned> count = 0, sum = 0;
  run_on_cores(0, [&](unsigned core) -> task<> {
    ++count;
    sum += core;
    co_return;
  });
  CHECK(count == usable_cores());
  CHECK(sum == count * (count - 1) / 2);
}

TEST_CASE_METHOD(on_each_backend, "what one core throws ends the others, which clean up, and arrives once") {
  for (unsigned failing = 0; failing < cores; ++failing) {
    std::atomic<int> cleaned_up = 0;
    std::latch all_run(cores);
    CHECK_THROWS_WITH(run_on_cores(cores,
                                   [&](unsigned core) -> task<> {
                                     all_run.arrive_and_wait();
                                     if (core == failing)
                                       throw std::runtime_error("from core " + std::to_string(core));
                                     co_await wait_and_clean_up(cleaned_up);
                                   }),
                      "from core " + std::to_string(failing));
    CHECK(cleaned_up == cores - 1);
  }
}

TEST_CASE("a core that fails before the others begin ends them too") {
  std::atomic<int> begun = 0;
  CHECK_THROWS_AS(run_on_cores(cores,
                               [&](unsigned core) -> task<> {
                                 if (core == cores - 1)
                                   throw std::runtime_error("at once");
                                 ++begun;
                                 co_await sleep_for(1h);
                               }),
                  std::runtime_error);
  CHECK(begun <= 2);
}

TEST_CASE("what several cores throw arrives together") {
  std::latch all_run(cores);
  try {
    run_on_cores(cores, [&](unsigned core) -> task<> {
      all_run.arrive_and_wait();
      if (core == 1)
        throw std::runtime_error("the first");
      try {
        co_await sleep_for(1h);
      } catch (const cancelled &) {
        if (core == 2)
          throw std::runtime_error("while cleaning up");
        throw;
      }
    });
    FAIL("nothing was thrown");
  } catch (const error_group &group) {
    CHECK(group.errors().size() == 2);
    CHECK_THAT(group.what(), Catch::Matchers::Contains("the first; while cleaning up"));
  }
}

TEST_CASE_METHOD(on_each_backend, "SIGINT cancels the mains of all cores") {
  const auto before = std::signal(SIGINT, SIG_DFL); // Catch has its own handler
  std::atomic<int> cleaned_up = 0;
  std::latch all_run(cores + 1);
  std::thread sending([&] {
    all_run.arrive_and_wait();
    ::kill(::getpid(), SIGINT);
  });
  CHECK_THROWS_AS(run_on_cores(cores,
                               [&](unsigned) -> task<> {
                                 all_run.arrive_and_wait();
                                 co_await wait_and_clean_up(cleaned_up);
                               }),
                  task_cancelled);
  sending.join();
  CHECK(cleaned_up == cores);
  std::signal(SIGINT, before);
}

TEST_CASE("cores are not run within a loop") {
  CHECK_THROWS_AS(run([]() -> task<> {
                    run_on_cores(1, [](unsigned) -> task<> { co_return; });
                    co_return;
                  }()),
                  std::logic_error);
}

TEST_CASE_METHOD(on_each_backend, "connections to one port are spread over the listeners of several loops") {
  constexpr int clients = 64;
  std::vector<tcp_listener> listeners;
  listeners.push_back(tcp_listener::bind_shared({ip_address::loopback(), 0}));
  const ip_endpoint local = listeners.front().local();
  while (listeners.size() < cores)
    listeners.push_back(tcp_listener::bind_shared(local));

  shared_channel<int> end(0);
  std::array<int, cores> served{};
  run_on_cores(cores, [&](unsigned core) -> task<> {
    spawn([](tcp_listener &on, int &count, unsigned number) -> task<> {
      for (;;) {
        tcp_stream stream = co_await on.accept();
        co_await write_and_finish(stream, std::to_string(number));
        ++count;
      }
    }(listeners[core], served[core], core));
    if (core != 0) {
      co_await end.receive();
      co_return;
    }
    for (int i = 0; i < clients; ++i) {
      tcp_stream stream = co_await tcp_stream::connect(local);
      const std::string answer = co_await read_all(stream);
      CHECK(std::stoul(answer) < cores);
    }
    end.close();
  });
  CHECK(served[0] + served[1] + served[2] == clients);
  CHECK(std::count(served.begin(), served.end(), 0) <= 1); // the kernel goes by a hash of the addresses
}

TEST_CASE("a port is shared only by those that ask for it") {
  const tcp_listener shared = tcp_listener::bind_shared({ip_address::loopback(), 0});
  CHECK_THROWS_WITH(tcp_listener::bind(shared.local()), Catch::Matchers::Contains(shared.local().to_string()));
}
