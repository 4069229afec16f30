// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Many tasks that do all sorts of things to each other and to what they share, and are cancelled at random: with a
// fixed seed, in virtual time, so that all but what runs on other threads is the same each time.
#include "captured_stderr.h"
#include "live_count.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/as_completed.h>
#include <coroscope/async_generator.h>
#include <coroscope/barrier.h>
#include <coroscope/cancelled.h>
#include <coroscope/channel.h>
#include <coroscope/condition_variable.h>
#include <coroscope/event.h>
#include <coroscope/event_loop.h>
#include <coroscope/future.h>
#include <coroscope/mutex.h>
#include <coroscope/semaphore.h>
#include <coroscope/shared_channel.h>
#include <coroscope/shield.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/to_thread.h>
#include <coroscope/when_all.h>
#include <coroscope/when_any.h>
#include <coroscope/with_timeout.h>
#include <cstddef>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

class crowd {
public:
  explicit crowd(std::uint_fast32_t seed) : random_(seed) {}

  task<> all_of_it() {
    for (int round = 0; round < 30; ++round) {
      try {
        co_await with_task_group([&](task_group &group) -> task<> {
          std::vector<join_handle<>> members;
          for (int i = 0; i < 20; ++i)
            members.push_back(group.spawn(anything(4, live_count(alive_))));
          for (int i = 0; i < 8; ++i) {
            co_await sleep_for(some_time());
            members[pick(members.size())].cancel();
          }
          if (pick(4) == 0)
            group.cancel();
        });
      } catch (const std::runtime_error &) {
        ++failed_; // "spilt", alone or in a group of errors
      } catch (const error_group &) {
        ++failed_;
      }
      check_between_rounds();
      co_await yield_now();
    }
  }
  int failed() const { return failed_; }

private:
  std::size_t pick(std::size_t below) { return random_() % below; }
  std::chrono::microseconds some_time() { return std::chrono::microseconds(pick(3000)); }

  task<> anything(int depth, live_count alive) {
    for (std::size_t left = 1 + pick(4); left > 0; --left)
      co_await one_thing(depth, alive);
  }

  task<> one_thing(int depth, live_count alive) {
    constexpr std::size_t without_others = 13;
    switch (pick(depth == 0 ? without_others : without_others + 10)) {
    case 0:
      co_await yield_now();
      break;
    case 1:
      co_await sleep_for(some_time());
      break;
    case 2: {
      const auto held = co_await lock_.lock();
      CHECK(inside_++ == 0);
      struct leaves {
        int &inside;
        ~leaves() { --inside; }
      } const at_the_end{inside_};
      co_await sleep_for(some_time() / 100);
      break;
    }
    case 3: {
      const auto seat = co_await seats_.acquire();
      co_await sleep_for(some_time() / 10);
      break;
    }
    case 4:
      co_await in_time(send_to(values_, in_flight_));
      break;
    case 5:
      co_await in_time(receive_from(values_, in_flight_));
      break;
    case 6:
      co_await in_time(send_to(between_loops_, sent_between_loops_));
      break;
    case 7:
      co_await in_time(receive_from(between_loops_, sent_between_loops_));
      break;
    case 8:
      co_await in_time(see_news());
      break;
    case 9:
      news_.set();
      co_await yield_now();
      news_.clear();
      break;
    case 10:
      co_await in_time(meet());
      break;
    case 11:
      co_await in_time(take_an_item());
      break;
    case 12: {
      const auto held = co_await shelf_.lock();
      ++items_;
      restocked_.notify_one();
      break;
    }
    case 13:
      co_await when_all(anything(depth - 1, alive), anything(depth - 1, alive));
      break;
    case 14:
      co_await when_any(anything(depth - 1, alive), anything(depth - 1, alive), sleep_once());
      break;
    case 15:
      try {
        co_await with_timeout(some_time(), anything(depth - 1, alive));
      } catch (const timed_out &) {
      }
      break;
    case 16:
      co_await shield(sleep_once());
      break;
    case 17:
      co_await with_task_group([&](task_group &group) -> task<> {
        group.spawn(anything(depth - 1, alive));
        auto joined = group.spawn(anything(depth - 1, alive));
        co_await joined.ended();
      });
      break;
    case 18:
      if (pick(20) == 0)
        throw std::runtime_error("spilt");
      break;
    case 19:
      co_await count_along(depth - 1, alive);
      break;
    case 20:
      co_await see_each_end(depth - 1, alive);
      break;
    case 21:
      co_await when_all(see_answer(depth - 1, alive), called_on_a_thread());
      break;
    default:
      co_await anything(depth - 1, alive);
    }
  }

  task<> sleep_once() { co_await sleep_for(some_time()); }
  task<> in_time(task<> work) {
    try {
      co_await with_timeout(some_time(), std::move(work));
    } catch (const timed_out &) {
    }
  }

  template <class Channel> task<> send_to(Channel &to, int &in_flight) {
    co_await to.send(1);
    ++in_flight;
  }
  template <class Channel> task<> receive_from(Channel &from, int &in_flight) {
    const std::optional<int> value = co_await from.receive();
    CHECK(value == 1);
    --in_flight;
  }

  task<> see_news() { co_await news_.wait(); }
  task<> meet() { co_await meeting_.arrive_and_wait(); }

  task<> take_an_item() {
    auto held = co_await shelf_.lock();
    try {
      co_await restocked_.wait(held, [this] { return items_ > 0; });
      --items_;
    } catch (const cancelled &) {
      CHECK(held.owns_lock());
      restocked_.notify_one(); // what it may have been told
      throw;
    }
  }

  task<> see_answer(int depth, live_count alive) {
    completer<int> answer;
    const auto look = [](future<int> at) -> task<> {
      const int value = co_await at;
      CHECK(value == 7);
    };
    const auto give = [this, &answer](int more, live_count all) -> task<> {
      co_await one_thing(more, all);
      answer.set_value(7);
    };
    co_await when_all(look(answer.get_future()), give(depth, alive), look(answer.get_future()));
  }

  task<> called_on_a_thread() {
    const int value = co_await to_thread([] { return 9; });
    CHECK(value == 9);
  }

  async_generator<int> numbers(int depth, live_count alive) {
    const auto ours = alive;
    for (int i = 0; i < 3; ++i) {
      co_await one_thing(depth, ours);
      co_yield i;
    }
  }
  task<std::optional<int>> next_of(const async_generator<int> &from) { co_return co_await from.next(); }

  /// Takes the numbers one after the other, in a hurry, and leaves where it had to wait for too long.
  task<> count_along(int depth, live_count alive) {
    const auto from = numbers(depth, alive);
    for (int expected = 0; expected <= 3; ++expected) {
      std::optional<int> number;
      try {
        number = co_await with_timeout(some_time(), next_of(from));
      } catch (const timed_out &) {
        co_return;
      }
      CHECK(number == (expected < 3 ? std::optional(expected) : std::nullopt));
    }
  }

  task<std::size_t> number_after(int depth, live_count alive, std::size_t number) {
    co_await one_thing(depth, alive);
    co_return number;
  }

  /// The first of several to end, and then the others, or only some of them.
  task<> see_each_end(int depth, live_count alive) {
    co_await with_task_group([&](task_group &group) -> task<> {
      std::vector<join_handle<std::size_t>> handles;
      for (std::size_t i = 0; i < 3; ++i)
        handles.push_back(group.spawn(number_after(depth, alive, i)));
      auto ended = as_completed(std::move(handles));
      std::vector<bool> seen(3);
      for (std::size_t wanted = 1 + pick(3); wanted > 0; --wanted) {
        const auto next = co_await ended.next();
        if (next->was_cancelled())
          break;
        const std::size_t number = next->take();
        CHECK_FALSE(seen[number]);
        seen[number] = true;
      }
      group.cancel();
    });
  }

  void check_between_rounds() {
    CHECK(alive_ == 0);
    CHECK(inside_ == 0);
    CHECK_FALSE(lock_.is_locked());
    CHECK(seats_.available() == 2);
    CHECK_FALSE(shelf_.is_locked());
    CHECK(meeting_.arrived() == 0);
    CHECK(in_flight_ == static_cast<int>(values_.size()));
    CHECK(sent_between_loops_ == static_cast<int>(between_loops_.size()));
  }

  std::mt19937 random_;
  mutex lock_;
  semaphore seats_{2};
  mutex shelf_;
  condition_variable restocked_;
  event news_;
  barrier meeting_{2};
  channel<int> values_{2}; // so that both sides wait
  shared_channel<int> between_loops_{2};
  int alive_ = 0;
  int inside_ = 0;
  int items_ = 0;
  int in_flight_ = 0;
  int sent_between_loops_ = 0;
  int failed_ = 0;
};

} // namespace

TEST_CASE("a crowd of tasks that are cancelled at random leaves everything as it was") {
  int failed = 0;
  const std::string said = captured_stderr([&] {
    for (std::uint_fast32_t seed = 1; seed <= 10; ++seed) {
      crowd all(seed);
      run_in_virtual_time(all.all_of_it());
      failed += all.failed();
    }
  });
  CHECK(failed > 20); // failures are part of it
  CHECK(said.empty());
}
