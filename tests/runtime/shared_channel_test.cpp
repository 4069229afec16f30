// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Channels between loops: order, fairness, closing, cancellation that races with the other thread, and how often a loop
// is woken.
#include "on_each_backend.h"
#include "virtual_time.h"
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/event_loop.h>
#include <coroscope/run_on_cores.h>
#include <coroscope/shared_channel.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/with_timeout.h>
#include <filesystem>
#include <fstream>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

/// How many wake-ups the loops of this process have been given and have not seen: what their eventfds count.
unsigned long pending_wake_ups() {
  unsigned long sum = 0;
  for (const auto &each : std::filesystem::directory_iterator("/proc/self/fdinfo")) {
    std::ifstream info(each.path());
    for (std::string word; info >> word;)
      if (word == "eventfd-count:") {
        info >> word;
        sum += std::stoul(word, nullptr, 16);
      }
  }
  return sum;
}

task<> send_numbers(shared_channel<int> &to, int from, int count) {
  for (int i = from; i < from + count; ++i)
    co_await to.send(i);
}

task<std::vector<int>> receive_all(shared_channel<int> &from) {
  std::vector<int> all;
  while (const auto value = co_await from.receive())
    all.push_back(*value);
  co_return all;
}

} // namespace

TEST_CASE_METHOD(on_each_backend,
                 "each value of many senders on several loops arrives once, and in its sender's order") {
  constexpr int each = 3000;
  for (const std::size_t capacity : {0u, 1u, 100u}) {
    shared_channel<int> values(capacity);
    std::atomic<int> sending = 2;
    std::vector<std::vector<int>> received(4);
    run_on_cores(4, [&](unsigned core) -> task<> {
      if (core >= 2) {
        received[core] = co_await receive_all(values);
      } else {
        co_await send_numbers(values, static_cast<int>(core) * each, each);
        if (--sending == 0)
          values.close();
      }
    });
    std::vector<int> all;
    for (const std::vector<int> &of_core : received) {
      for (const bool second : {false, true}) {
        std::vector<int> of_one_sender;
        for (const int value : of_core)
          if ((value >= each) == second)
            of_one_sender.push_back(value);
        CHECK(std::is_sorted(of_one_sender.begin(), of_one_sender.end()));
      }
      all.insert(all.end(), of_core.begin(), of_core.end());
    }
    std::sort(all.begin(), all.end());
    CHECK(all.size() == 2 * each);
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
  }
}

TEST_CASE("those that wait on different loops are served in the order in which they came") {
  shared_channel<int> values(0);
  std::vector<std::thread> threads;
  std::vector<int> order;
  std::mutex order_lock;
  for (int i = 0; i < 6; ++i) {
    std::latch waits(1);
    threads.emplace_back([&, i] {
      run([](shared_channel<int> &from, std::latch &about_to_wait, std::vector<int> &log, std::mutex &lock,
             int number) -> task<> {
        spawn([](std::latch &waiting) -> task<> {
          waiting.count_down(); // in the turn after the one in which the other began to wait
          co_return;
        }(about_to_wait));
        const auto value = co_await from.receive();
        const std::lock_guard held(lock);
        CHECK(value == number);
        log.push_back(number);
      }(values, waits, order, order_lock, i));
    });
    waits.wait();
  }
  run(send_numbers(values, 0, 6));
  for (std::thread &each : threads)
    each.join();
  std::sort(order.begin(), order.end());
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4, 5});
}

TEST_CASE_METHOD(on_each_backend, "many values for a loop that is busy wake it once") {
  shared_channel<int> values(10'000);
  std::vector<std::unique_ptr<shared_channel<int>>> others;
  for (int i = 0; i < 100; ++i)
    others.push_back(std::make_unique<shared_channel<int>>(0));
  std::latch busy(1), sent(1);
  std::thread sending([&] {
    busy.wait();
    run([](shared_channel<int> &to, std::vector<std::unique_ptr<shared_channel<int>>> &each_to) -> task<> {
      co_await send_numbers(to, 0, 1000);
      for (const auto &each : each_to) // each has a receiver that waits
        co_await each->send(1);
      to.close();
    }(values, others));
    CHECK(pending_wake_ups() == 1);
    sent.count_down();
  });
  run([](shared_channel<int> &from, std::vector<std::unique_ptr<shared_channel<int>>> &each_from, std::latch &is_busy,
         std::latch &was_sent) -> task<> {
    co_await with_task_group([&](task_group &group) -> task<> {
      int sum = 0;
      const auto receive_one = [](shared_channel<int> &of, int &to) -> task<> {
        const auto value = co_await of.receive();
        to += value.value();
      };
      for (const auto &each : each_from)
        group.spawn(receive_one(*each, sum));
      auto receiving = group.spawn(receive_all(from));
      co_await yield_now();
      is_busy.count_down();
      was_sent.wait(); // meanwhile the loop is in this step
      const std::vector<int> all = co_await receiving;
      CHECK(all.size() == 1000);
      co_await yield_now();
      CHECK(sum == 100);
    });
  }(values, others, busy, sent));
  sending.join();
}

TEST_CASE("values between tasks of one loop wake nobody") {
  run([]() -> task<> {
    shared_channel<int> values(0);
    auto receiving = spawn(receive_all(values));
    const unsigned long before = pending_wake_ups();
    co_await send_numbers(values, 0, 100);
    values.close();
    const std::vector<int> all = co_await receiving;
    CHECK(all.size() == 100);
    CHECK(pending_wake_ups() == before);
  }());
}

TEST_CASE("closing a shared channel ends every wait, on whatever loop, and what is in it can still be received") {
  shared_channel<std::unique_ptr<int>> boxes(1);
  std::atomic<int> refused = 0, ended = 0;
  std::latch all_wait(3);
  run_on_cores(4, [&](unsigned core) -> task<> {
    if (core == 3) {
      all_wait.wait();
      boxes.close();
      CHECK(boxes.is_closed());
      co_return;
    }
    if (core == 0)
      co_await boxes.send(std::make_unique<int>(7));
    all_wait.arrive_and_wait();
    try {
      co_await boxes.send(std::make_unique<int>(8));
    } catch (const channel_closed &) {
      ++refused;
    }
  });
  CHECK(refused == 3);
  CHECK(boxes.size() == 1);
  run([](shared_channel<std::unique_ptr<int>> &from, std::atomic<int> &count) -> task<> {
    const auto box = co_await from.receive();
    CHECK(**box == 7);
    const auto none = co_await from.receive();
    count += none ? 0 : 1;
  }(boxes, ended));
  CHECK(ended == 1);
}

TEST_CASE_METHOD(on_each_backend, "receivers that are cancelled while another thread sends lose no value") {
  for (const std::size_t capacity : {0u, 3u}) {
    constexpr int count = 2000;
    shared_channel<int> values(capacity);
    std::vector<int> received;
    run_on_cores(2, [&](unsigned core) -> task<> {
      if (core == 1) {
        co_await send_numbers(values, 0, count);
        co_return values.close();
      }
      const auto receive_some = [&]() -> task<> {
        while (const auto value = co_await values.receive())
          received.push_back(*value);
      };
      bool over = false;
      for (int round = 0; !over; ++round) {
        auto receiving = spawn(receive_some());
        for (int turns = round % 5; turns > 0; --turns)
          co_await yield_now();
        receiving.cancel();
        co_await receiving.ended();
        over = !receiving.was_cancelled();
      }
    });
    CHECK(received.size() == count);
    CHECK(std::is_sorted(received.begin(), received.end()));
  }
}

TEST_CASE_METHOD(on_each_backend,
                 "senders that are cancelled while another thread receives send each value or do not") {
  for (const std::size_t capacity : {0u, 3u}) {
    shared_channel<int> values(capacity);
    std::vector<int> sent, received;
    run_on_cores(2, [&](unsigned core) -> task<> {
      if (core == 1) {
        received = co_await receive_all(values);
        co_return;
      }
      int next = 0;
      const auto send_some = [&]() -> task<> {
        for (;;) {
          co_await values.send(next);
          sent.push_back(next++);
        }
      };
      for (int round = 0; round < 1000; ++round) {
        auto sending = spawn(send_some());
        for (int turns = round % 5; turns > 0; --turns)
          co_await yield_now();
        sending.cancel();
        co_await sending.ended();
      }
      values.close();
    });
    CHECK(sent == received);
  }
}

TEST_CASE("a shared channel for which one waits in virtual time for ever is a deadlock") {
  shared_channel<int> values(0);
  CHECK_THROWS_AS(run_in_virtual_time(receive_all(values)), deadlock_error);
  CHECK_THROWS_AS(run_in_virtual_time(send_numbers(values, 0, 1)), deadlock_error);
}

TEST_CASE("a wait on a shared channel can be timed out, and the channel is as good as new") {
  run_in_virtual_time([]() -> task<> {
    shared_channel<int> values(0);
    int timeouts = 0;
    for (const bool sends : {true, false})
      try {
        if (sends)
          co_await with_timeout(1ms, send_numbers(values, 0, 1));
        else
          co_await with_timeout(1ms, receive_all(values));
      } catch (const timed_out &) {
        ++timeouts;
      }
    CHECK(timeouts == 2);
    auto sending = spawn(send_numbers(values, 5, 1));
    const auto value = co_await values.receive();
    CHECK(value == 5);
    co_await sending;
  }());
}
