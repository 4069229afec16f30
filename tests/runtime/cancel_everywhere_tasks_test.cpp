// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each way to wait for other tasks, threads and loops, cancelled at each step: nobody else notices, each value arrives
// once, and no frame is left.
#include "at_every_step.h"
#include "live_count.h"
#include "on_each_backend.h"
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/as_completed.h>
#include <coroscope/async_generator.h>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/future.h>
#include <coroscope/mutex.h>
#include <coroscope/run_on_cores.h>
#include <coroscope/shared_channel.h>
#include <coroscope/shield.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/to_thread.h>
#include <coroscope/when_all.h>
#include <coroscope/when_any.h>
#include <coroscope/with_timeout.h>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<int> nap(int milliseconds, live_count) {
  for (int i = 0; i < milliseconds; ++i)
    co_await sleep_for(1ms);
  co_return milliseconds;
}

task<> send_five(shared_channel<int> &to, int first, std::vector<int> &sent) {
  for (int i = first; i < first + 5; ++i) {
    co_await to.send(i);
    sent.push_back(i);
  }
}

task<> receive_into(shared_channel<int> &from, std::vector<int> &received) {
  while (const auto value = co_await from.receive())
    received.push_back(*value);
}

std::vector<int> sorted(std::vector<int> values) {
  std::sort(values.begin(), values.end());
  return values;
}

/// Spawns `victim` and cancels it after so many turns of the loop, whichever clock that has.
task<> cancel_after(int turns, task<> victim) {
  auto running = spawn(std::move(victim));
  for (int i = 0; i < turns; ++i)
    co_await yield_now();
  running.cancel("after so many turns");
  co_await running.ended();
}

} // namespace

TEST_CASE("cancelled everywhere: a join leaves the task and its value alone") {
  at_every_step([](moment &when) -> task<> {
    int alive = 0;
    std::optional<int> value;
    {
      auto napping = spawn(nap(3, live_count(alive)));
      const auto join = [](join_handle<int> &on, std::optional<int> &to) -> task<> {
        co_await on.ended();
        to = co_await on;
      };
      co_await when.cancel(join(napping, value));
      if (!value)
        value = co_await napping;
    }
    CHECK(value == 3);
    CHECK(alive == 0);
  });
}

TEST_CASE("cancelled everywhere: a future reaches all others that wait for it") {
  at_every_step([](moment &when) -> task<> {
    completer<int> answer;
    int seen = 0;
    const auto look = [](future<int> at, int &count) -> task<> {
      const int &value = co_await at;
      CHECK(value == 42);
      ++count;
    };
    const auto set_later = [](completer<int> &to) -> task<> {
      co_await sleep_for(2ms);
      to.set_value(42);
    };
    const auto future = answer.get_future();
    int by_victim = 0;
    co_await when_all(look(future, seen), when.cancel(look(future, by_victim)), look(future, seen), set_later(answer));
    CHECK(seen == 2);
    co_await look(future, seen);
  });
}

TEST_CASE_METHOD(on_each_backend,
                 "cancelled everywhere: a function on another thread is not called, or runs to its end") {
  struct calls {
    std::atomic<int> begun = 0, ended = 0;
    std::atomic<bool> may_end = false;
  };
  at_every_wait([](moment &when) -> task<> {
    const auto made = std::make_shared<calls>();
    const auto call = [](std::shared_ptr<calls> those) -> task<> {
      const auto block = [those] { // by name: see task.h on g++ 12
        ++those->begun;
        while (!those->may_end)
          std::this_thread::yield();
        ++those->ended;
      };
      co_await to_thread(block);
    };
    const auto let_end = [](std::shared_ptr<calls> those) -> task<> {
      for (int i = 0; i < 8; ++i)
        co_await yield_now();
      those->may_end = true;
    };
    co_await when_all(when.cancel(call(made)), let_end(made));
    while (made->ended != made->begun)
      std::this_thread::yield();
    CHECK(made->ended <= 1);
    co_await call(made);
  });
}

TEST_CASE("cancelled everywhere: an async generator ends where it is and lets go of what it holds") {
  at_every_step([](moment &when) -> task<> {
    mutex lock;
    int alive = 0, sum = 0;
    const auto numbers = [](mutex &with, live_count) -> async_generator<int> {
      for (int i = 1; i <= 3; ++i) {
        const auto held = co_await with.lock();
        co_await sleep_for(1ms);
        co_yield i;
      }
    };
    const auto add_up = [](const async_generator<int> &from, int &to) -> task<> {
      while (const auto number = co_await from.next())
        to += *number;
    };
    {
      const auto from = numbers(lock, live_count(alive));
      co_await when.cancel(add_up(from, sum));
      const int before = sum;
      co_await add_up(from, sum); // cancelled within the body it is over; before its first step it goes on
      CHECK((sum == 6 || sum == before));
    }
    CHECK(alive == 0);
    CHECK_FALSE(lock.is_locked());
  });
}

TEST_CASE("cancelled everywhere: groups, races, timeouts and shields leave nothing behind") {
  at_every_step([](moment &when) -> task<> {
    int alive = 0, begun = 0, finished = 0;
    const auto finish = [](int &from, int &to) -> task<> {
      ++from;
      co_await yield_now();
      co_await sleep_until(current_loop().now() + 1ms);
      ++to;
    };
    const auto everything = [&](live_count) -> task<> {
      co_await with_task_group([&](task_group &group) -> task<> {
        group.spawn(nap(2, live_count(alive)));
        auto joined = group.spawn(nap(1, live_count(alive)));
        co_await when_all(nap(1, live_count(alive)), nap(2, live_count(alive)));
        co_await joined;
      });
      co_await when_any(nap(1, live_count(alive)), nap(100, live_count(alive)));
      try {
        co_await with_timeout(1ms, nap(100, live_count(alive)));
      } catch (const timed_out &) {
      }
      co_await with_deadline(current_loop().now() + 5ms, nap(1, live_count(alive)));
      co_await shield(finish(begun, finished));
      co_await yield_now();
      co_await nap(1, live_count(alive));
    };
    co_await when.cancel(everything(live_count(alive)));
    CHECK(alive == 0);
    CHECK(finished == begun);
  });
}

TEST_CASE("cancelled everywhere: clean-up in a shield is waited for by every group around it") {
  at_every_step([](moment &when) -> task<> {
    int begun = 0, cleaned = 0;
    const auto work = [](int &from, int &to) -> task<> {
      ++from;
      const auto rest = []() -> task<> { co_await sleep_for(2ms); };
      bool stopped = false;
      try {
        co_await sleep_for(2ms);
      } catch (const cancelled &) {
        stopped = true;
      }
      co_await shield(rest());
      ++to;
      if (stopped)
        co_await yield_now(); // throws
    };
    const auto in_groups = [&]() -> task<> {
      co_await with_task_group([&](task_group &outer) -> task<> {
        outer.spawn(work(begun, cleaned));
        co_await with_task_group([&](task_group &inner) -> task<> {
          inner.spawn(work(begun, cleaned));
          co_await work(begun, cleaned);
        });
      });
    };
    co_await when.cancel(in_groups());
    CHECK(cleaned == begun);
  });
}

TEST_CASE("cancelled everywhere: each task that ends comes out of as_completed once") {
  at_every_step([](moment &when) -> task<> {
    std::vector<int> ended;
    int alive = 0;
    co_await with_task_group([&](task_group &group) -> task<> {
      std::vector<join_handle<int>> naps;
      for (const int milliseconds : {3, 1, 4, 2})
        naps.push_back(group.spawn(nap(milliseconds, live_count(alive))));
      auto in_order = as_completed(std::move(naps));
      const auto take = [](completions<int> &from, std::vector<int> &to) -> task<> {
        while (const auto next = co_await from.next())
          to.push_back(next->take());
      };
      co_await when.cancel(take(in_order, ended));
      co_await take(in_order, ended);
    });
    CHECK(ended == std::vector<int>{1, 2, 3, 4});
  });
}

TEST_CASE("cancelled everywhere: a shared channel loses and doubles no value") {
  for (const std::size_t capacity : {0u, 1u, 3u})
    for (const bool sender : {false, true})
      at_every_step([capacity, sender](moment &when) -> task<> {
        shared_channel<int> values(capacity);
        std::vector<int> sent, received;
        const auto send = [&]() -> task<> {
          task<> first = send_five(values, 0, sent);
          if (sender)
            first = when.cancel(std::move(first));
          co_await when_all(std::move(first), send_five(values, 100, sent));
          values.close();
        };
        const auto receive = [&]() -> task<> {
          if (!sender)
            co_await when.cancel(receive_into(values, received));
          co_await receive_into(values, received);
        };
        co_await when_all(send(), receive());
        CHECK(sorted(sent) == sorted(received));
      });
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: nor does one between loops") {
  const std::size_t descriptors = open_descriptors();
  for (const std::size_t capacity : {0u, 1u, 3u})
    for (int turns = 0; turns < 15; ++turns) {
      shared_channel<int> values(capacity);
      std::vector<int> sent, received;
      run_on_cores(2, [&](unsigned core) -> task<> {
        if (core == 0) {
          co_await when_all(cancel_after(turns, send_five(values, 0, sent)), send_five(values, 100, sent));
          values.close();
        } else {
          co_await cancel_after(turns, receive_into(values, received));
          co_await receive_into(values, received);
        }
      });
      CHECK(sorted(sent) == sorted(received));
    }
  CHECK(open_descriptors() == descriptors);
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: a core that fails at any step ends the others, once") {
  const std::size_t descriptors = open_descriptors();
  for (int turns = 0; turns < 15; ++turns) {
    shared_channel<int> never(0);
    std::atomic<int> begun = 0, ended = 0;
    CHECK_THROWS_AS(run_on_cores(3,
                                 [&](unsigned core) -> task<> {
                                   if (core == 2) {
                                     for (int i = 0; i < turns; ++i)
                                       co_await yield_now();
                                     throw std::domain_error("of one core");
                                   }
                                   ++begun;
                                   try {
                                     co_await never.receive();
                                   } catch (const cancelled &) {
                                     ++ended;
                                     throw;
                                   }
                                 }),
                    std::domain_error);
    CHECK(ended == begun);
    CHECK(never.size() == 0);
  }
  CHECK(open_descriptors() == descriptors);
}
