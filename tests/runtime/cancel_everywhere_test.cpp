// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each operation between tasks, cancelled at each step: everybody else comes to an end, nothing leaks, and what was
// shared is as good as new.
#include "at_every_step.h"
#include "live_count.h"
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/barrier.h>
#include <coroscope/cancelled.h>
#include <coroscope/channel.h>
#include <coroscope/condition_variable.h>
#include <coroscope/event.h>
#include <coroscope/event_loop.h>
#include <coroscope/mutex.h>
#include <coroscope/semaphore.h>
#include <coroscope/sleep.h>
#include <coroscope/when_all.h>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

TEST_CASE("cancelled everywhere: a mutex is never held by two, and goes on to the next") {
  at_every_step([](moment &when) -> task<> {
    mutex lock;
    int inside = 0, done = 0, alive = 0;
    const auto hold = [](mutex &with, int &in, int &count, live_count) -> task<> {
      const auto held = co_await with.lock();
      const live_count one(in);
      CHECK(in == 1);
      co_await sleep_for(1ms);
      ++count;
    };
    auto first = spawn(hold(lock, inside, done, live_count(alive)));
    auto cancelling = spawn(when.cancel(hold(lock, inside, done, live_count(alive))));
    auto last = spawn(hold(lock, inside, done, live_count(alive)));
    co_await when_all([](join_handle<> on) -> task<> { co_await on; }(std::move(first)),
                      [](join_handle<> on) -> task<> { co_await on; }(std::move(cancelling)),
                      [](join_handle<> on) -> task<> { co_await on; }(std::move(last)));
    CHECK(done >= 2);
    CHECK_FALSE(lock.is_locked());
  });
}

TEST_CASE("cancelled everywhere: no permit of a semaphore is lost") {
  at_every_step([](moment &when) -> task<> {
    semaphore seats(2);
    const auto sit = [](semaphore &on) -> task<> {
      const auto seat = co_await on.acquire();
      co_await sleep_for(1ms);
    };
    co_await when_all(sit(seats), sit(seats), when.cancel(sit(seats)), sit(seats), sit(seats));
    CHECK(seats.available() == 2);
    co_await sit(seats);
  });
}

TEST_CASE("cancelled everywhere: whoever waits for an event besides gets it") {
  at_every_step([](moment &when) -> task<> {
    event ready;
    const auto wait = [](event &on) -> task<> { co_await on.wait(); };
    const auto set_later = [](event &which) -> task<> {
      co_await sleep_for(3ms);
      which.set();
    };
    co_await when_all(wait(ready), when.cancel(wait(ready)), wait(ready), set_later(ready));
    co_await ready.wait();
  });
}

TEST_CASE("cancelled everywhere: a barrier counts only those that wait") {
  at_every_step([](moment &when) -> task<> {
    barrier meeting(2);
    const auto arrive = [](barrier &at, int delay) -> task<> {
      co_await sleep_for(delay * 1ms);
      co_await at.arrive_and_wait();
    };
    bool met = false;
    const auto meet = [&arrive](barrier &at, bool &did) -> task<> {
      co_await arrive(at, 1);
      did = true;
    };
    const auto start = current_loop().now();
    auto a = spawn(arrive(meeting, 2));
    auto b = spawn(arrive(meeting, 4));
    co_await when.cancel(meet(meeting, met)); // before a arrives, or with it
    co_await sleep_until(start + 3ms);
    CHECK(meeting.arrived() == (met ? 0 : 1));
    if (met)
      co_await meeting.arrive_and_wait(); // until b does
    co_await a;
    co_await b;
    CHECK(meeting.arrived() == 0);
    co_await when_all(arrive(meeting, 1), arrive(meeting, 2));
  });
}

TEST_CASE("cancelled everywhere: a condition variable's waiter has the lock again, and no notification is lost") {
  at_every_step([](moment &when) -> task<> {
    mutex lock;
    condition_variable changed;
    int items = 0, taken = 0;
    const auto consume = [](mutex &with, condition_variable &on, int &count, int &sum) -> task<> {
      auto held = co_await with.lock();
      try {
        co_await on.wait(held, [&count] { return count > 0; });
        --count;
        ++sum;
      } catch (const cancelled &) {
        CHECK(held.owns_lock());
        on.notify_one(); // one that it may have been given
        throw;
      }
    };
    const auto produce = [](mutex &with, condition_variable &on, int &count) -> task<> {
      for (int i = 0; i < 3; ++i) {
        co_await sleep_for(1ms);
        const auto held = co_await with.lock();
        ++count;
        on.notify_one();
      }
    };
    co_await when_all(consume(lock, changed, items, taken), when.cancel(consume(lock, changed, items, taken)),
                      consume(lock, changed, items, taken), produce(lock, changed, items));
    CHECK(items + taken == 3);
    CHECK(taken >= 2);
    CHECK_FALSE(lock.is_locked());
  });
}

TEST_CASE("cancelled everywhere: a channel loses and doubles no value when a sender is cancelled") {
  for (const std::size_t capacity : {0u, 1u, 3u})
    at_every_step([capacity](moment &when) -> task<> {
      channel<int> values(capacity);
      std::vector<int> sent, received;
      const auto send = [](channel<int> &to, std::vector<int> &log, int from) -> task<> {
        for (int i = from; i < from + 5; ++i) {
          co_await to.send(i);
          log.push_back(i);
        }
      };
      const auto receive = [](channel<int> &from, std::vector<int> &log) -> task<> {
        while (const auto value = co_await from.receive()) {
          log.push_back(*value);
          co_await sleep_for(1ms);
        }
      };
      const auto send_all = [&](moment &at) -> task<> {
        co_await when_all(at.cancel(send(values, sent, 0)), send(values, sent, 100));
        values.close();
      };
      co_await when_all(send_all(when), receive(values, received));
      std::sort(sent.begin(), sent.end());
      std::sort(received.begin(), received.end());
      CHECK(sent == received);
    });
}

TEST_CASE("cancelled everywhere: a channel loses no value when a receiver is cancelled") {
  for (const std::size_t capacity : {0u, 1u, 3u})
    at_every_step([capacity](moment &when) -> task<> {
      channel<int> values(capacity);
      std::vector<int> received;
      const auto send = [](channel<int> &to) -> task<> {
        for (int i = 0; i < 8; ++i) {
          co_await to.send(i);
          co_await sleep_for(1ms);
        }
        to.close();
      };
      const auto receive = [](channel<int> &from, std::vector<int> &log) -> task<> {
        while (const auto value = co_await from.receive())
          log.push_back(*value);
      };
      co_await when_all(send(values), when.cancel(receive(values, received)), receive(values, received));
      CHECK(received == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7});
    });
}
