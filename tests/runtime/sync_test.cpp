// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Events, locks, semaphores, barriers, condition variables and channels: who goes on, and in which order.
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/barrier.h>
#include <coroscope/channel.h>
#include <coroscope/condition_variable.h>
#include <coroscope/event.h>
#include <coroscope/event_loop.h>
#include <coroscope/future.h>
#include <coroscope/mutex.h>
#include <coroscope/semaphore.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/when_all.h>
#include <memory>
#include <optional>
#include <string>
#include <utility>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<> wait_and_note(event &on, std::string &log, char letter) {
  co_await on.wait();
  log += letter;
}

task<> lock_and_note(mutex &with, std::string &log, char letter) {
  const auto held = co_await with.lock();
  log += letter;
  co_await sleep_for(1ms);
  log += letter;
}

} // namespace

TEST_CASE("an event that is set lets all go on in order, and whoever comes later does not wait") {
  std::string log;
  run_in_virtual_time([](std::string &to) -> task<> {
    event ready;
    auto a = spawn(wait_and_note(ready, to, 'a'));
    auto b = spawn(wait_and_note(ready, to, 'b'));
    co_await yield_now();
    CHECK(to.empty());
    ready.set();
    ready.clear(); // those that were waiting go on all the same
    co_await a;
    co_await b;
    auto c = spawn(wait_and_note(ready, to, 'c'));
    co_await yield_now();
    co_await yield_now();
    CHECK(to == "ab");
    ready.set();
    co_await c;
    co_await ready.wait();
    CHECK(ready.is_set());
  }(log));
  CHECK(log == "abc");
}

TEST_CASE("a mutex is held by one at a time, in the order in which they came, and nobody overtakes") {
  std::string log;
  run_in_virtual_time([](std::string &to) -> task<> {
    mutex one_at_a_time;
    co_await with_task_group([&](task_group &group) -> task<> {
      for (const char letter : {'a', 'b', 'c'})
        group.spawn(lock_and_note(one_at_a_time, to, letter));
      auto held = co_await one_at_a_time.lock(); // the body runs first
      to += "m";
      co_await sleep_for(5ms);
      held.unlock();
      CHECK(one_at_a_time.is_locked()); // it is a's already
      const auto again = co_await one_at_a_time.lock();
      to += "M";
    });
    CHECK_FALSE(one_at_a_time.is_locked());
  }(log));
  CHECK(log == "maabbccM");
}

TEST_CASE("a semaphore lets so many in at a time") {
  run_in_virtual_time([]() -> task<> {
    semaphore seats(3);
    int inside = 0, most = 0;
    co_await with_task_group([&](task_group &group) -> task<> {
      for (int i = 0; i < 10; ++i)
        group.spawn([](semaphore &of, int &now, int &max) -> task<> {
          auto seat = co_await of.acquire();
          max = std::max(max, ++now);
          co_await sleep_for(1ms);
          --now;
          seat.release();
        }(seats, inside, most));
      co_return;
    });
    CHECK(most == 3);
    CHECK(seats.available() == 3);
    CHECK(current_loop().now().time_since_epoch() == 4ms);
  }());
}

TEST_CASE("a barrier lets its tasks go on together, round after round") {
  run_in_virtual_time([]() -> task<> {
    barrier meeting(3);
    std::string log;
    co_await with_task_group([&](task_group &group) -> task<> {
      for (int i = 1; i <= 3; ++i)
        group.spawn([](barrier &at, std::string &to, int number) -> task<> {
          for (int round = 0; round < 2; ++round) {
            co_await sleep_for(number * 1ms);
            to += '.';
            co_await at.arrive_and_wait();
            to += static_cast<char>('0' + number);
          }
        }(meeting, log, i));
      co_return;
    });
    CHECK(log == "...312...312"); // the last to arrive does not stop
    CHECK(meeting.arrived() == 0);
  }());
}

TEST_CASE("a condition variable wakes those that wait in order, each with the lock") {
  run_in_virtual_time([]() -> task<> {
    mutex lock;
    condition_variable changed;
    int items = 0;
    std::string log;
    const auto consumer = [](mutex &with, condition_variable &on, int &count, std::string &to, char name) -> task<> {
      auto held = co_await with.lock();
      co_await on.wait(held, [&count] { return count > 0; });
      CHECK(held.owns_lock());
      --count;
      to += name;
    };
    auto a = spawn(consumer(lock, changed, items, log, 'a'));
    auto b = spawn(consumer(lock, changed, items, log, 'b'));
    auto c = spawn(consumer(lock, changed, items, log, 'c'));
    co_await sleep_for(1ms);
    {
      const auto held = co_await lock.lock();
      items = 1;
      changed.notify_one();
    }
    co_await a;
    CHECK(log == "a");
    items = 2;
    changed.notify_all();
    co_await b;
    co_await c;
    CHECK(log == "abc");
    CHECK_FALSE(lock.is_locked());
  }());
}

TEST_CASE("a guard, a permit and a completer let go of what they had when they are given another's") {
  run_in_virtual_time([]() -> task<> {
    mutex first, second;
    auto held = co_await first.lock();
    held = co_await second.lock();
    CHECK_FALSE(first.is_locked());
    CHECK(second.is_locked());

    semaphore here(1), there(1);
    auto seat = co_await here.acquire();
    auto other = co_await there.acquire();
    seat = std::move(other);
    CHECK(here.available() == 1);
    CHECK(there.available() == 0);

    completer<int> answer;
    const auto forgotten = answer.get_future();
    answer = completer<int>();
    CHECK(forgotten.done());
    CHECK_FALSE(answer.get_future().done());
  }());
}

TEST_CASE("waiting on a condition variable needs the lock") {
  CHECK_THROWS_AS(run([]() -> task<> {
                    mutex lock;
                    condition_variable changed;
                    auto held = co_await lock.lock();
                    held.unlock();
                    co_await changed.wait(held);
                  }()),
                  std::logic_error);
}

TEST_CASE("a channel hands values on in order, and its senders wait for room") {
  for (const std::size_t capacity : {0u, 1u, 3u, 100u})
    run_in_virtual_time([](std::size_t room) -> task<> {
      channel<std::unique_ptr<int>> values(room);
      int sent = 0;
      auto sending = spawn([](channel<std::unique_ptr<int>> &to, int &count) -> task<> {
        for (int i = 0; i < 20; ++i, ++count)
          co_await to.send(std::make_unique<int>(i));
        to.close();
      }(values, sent));
      co_await sleep_for(1ms);
      CHECK(sent == static_cast<int>(std::min<std::size_t>(room, 20)));
      for (int i = 0; i < 20; ++i) {
        const auto value = co_await values.receive();
        REQUIRE(value.has_value());
        CHECK(**value == i);
      }
      const auto none = co_await values.receive();
      CHECK_FALSE(none.has_value());
      co_await sending;
    }(capacity));
}

TEST_CASE("receivers are served in the order in which they came") {
  run_in_virtual_time([]() -> task<> {
    channel<int> numbers(2);
    std::string log;
    co_await with_task_group([&](task_group &group) -> task<> {
      for (const char name : {'a', 'b', 'c'})
        group.spawn([](channel<int> &from, std::string &to, char who) -> task<> {
          while (const auto value = co_await from.receive())
            to += who + std::to_string(*value) + ' ';
        }(numbers, log, name));
      for (int i = 0; i < 6; ++i) {
        co_await sleep_for(1ms);
        co_await numbers.send(i);
      }
      numbers.close();
    });
    CHECK(log == "a0 b1 c2 a3 b4 c5 ");
  }());
}

TEST_CASE("closing a channel ends the sends that wait, and what is in it can still be received") {
  run_in_virtual_time([]() -> task<> {
    channel<int> numbers(1);
    co_await numbers.send(1);
    auto waiting = spawn([](channel<int> &to) -> task<> { co_await to.send(2); }(numbers));
    co_await yield_now();
    numbers.close();
    bool closed = false;
    try {
      co_await waiting;
    } catch (const channel_closed &) {
      closed = true;
    }
    CHECK(closed);
    const auto first = co_await numbers.receive();
    CHECK(first == 1);
    const auto none = co_await numbers.receive();
    CHECK_FALSE(none.has_value());
  }());
}
