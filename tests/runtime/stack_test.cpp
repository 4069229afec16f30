// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stack stays bounded however many tasks complete without ever waiting, are cancelled or destroyed, with and
// without tail calls, optimised or not.
#include "live_count.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/async_generator.h>
#include <coroscope/cancelled.h>
#include <coroscope/channel.h>
#include <coroscope/event_loop.h>
#include <coroscope/shield.h>
#include <coroscope/sleep.h>
#include <coroscope/task.h>
#include <coroscope/task_group.h>
#include <coroscope/with_timeout.h>
#include <coroutine>
#include <cstdint>
#include <stdexcept>
#include <string>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<int> one() { co_return 1; }

task<std::int64_t> sum_in_a_loop(int times) {
  std::int64_t sum = 0;
  for (int i = 0; i < times; ++i)
    sum += co_await one();
  co_return sum;
}

// An if, since g++ 12 evaluates a co_await in the branch not taken of `co_return … ? … : …`.
task<int> depth(int left) {
  if (left == 0)
    co_return 0;
  co_return 1 + co_await depth(left - 1);
}

task<int> throw_from(int left) {
  if (left == 0)
    throw std::runtime_error("from the bottom");
  co_return co_await throw_from(left - 1);
}

task<int> depth_of_shields(int left) {
  if (left == 0)
    co_return 0;
  co_return 1 + co_await shield(depth_of_shields(left - 1));
}

task<int> depth_of_timeouts(int left) {
  if (left == 0)
    co_return 0;
  co_return 1 + co_await with_timeout(1h, depth_of_timeouts(left - 1));
}

task<int> depth_of_groups(int left) {
  if (left == 0)
    co_return 0;
  const auto body = [left](task_group &) -> task<int> { co_return co_await depth_of_groups(left - 1); };
  co_return 1 + co_await with_task_group(body);
}

task<int> depth_of_joins(int left) {
  if (left == 0)
    co_return 0;
  auto next = spawn(depth_of_joins(left - 1));
  co_return 1 + co_await next;
}

async_generator<int> numbers(int count) {
  for (int i = 0; i < count; ++i)
    co_yield i;
}

task<int> count_numbers(int count) {
  auto all = numbers(count);
  int seen = 0;
  while (co_await all.next())
    ++seen;
  co_return seen;
}

task<int> pass_through_channel(int count) {
  channel<int> values(1);
  for (int i = 0; i < count; ++i) {
    co_await values.send(i);
    co_await values.receive();
  }
  co_return count;
}

task<> sleep_below(int left, live_count alive) {
  const live_count here = alive;
  if (left == 0)
    co_await sleep_for(1h);
  else
    co_await sleep_below(left - 1, here);
}

/// Ends neither by itself nor by being cancelled.
task<> stay_below(int left, live_count alive) {
  const live_count here = alive;
  if (left == 0)
    co_await std::suspend_always();
  else
    co_await stay_below(left - 1, here);
}

task<> stay_in_groups(int left, live_count alive, int &deepest) {
  const live_count here = alive;
  ++deepest;
  if (left == 0)
    co_await std::suspend_always();
  const auto body = [&](task_group &group) -> task<> {
    auto child = group.spawn(stay_in_groups(left - 1, here, deepest));
    co_await child.ended();
  };
  co_await with_task_group(body);
}

} // namespace

TEST_CASE("a million tasks that complete at once, one after the other, do not overflow the stack") {
  CHECK(run(sum_in_a_loop(1'000'000)) == 1'000'000);
}

TEST_CASE("a hundred thousand tasks within each other do not overflow the stack") {
  CHECK(run(depth(100'000)) == 100'000);
}

TEST_CASE("nor do scopes, groups and joins within each other that end at once, or many elements and values") {
  constexpr int many = 20'000;
  CHECK(run(depth_of_shields(many)) == many);
  CHECK(run(depth_of_timeouts(many)) == many);
  CHECK(run(depth_of_groups(many)) == many);
  CHECK(run(depth_of_joins(many)) == many);
  CHECK(run(count_numbers(500'000)) == 500'000);
  CHECK(run(pass_through_channel(500'000)) == 500'000);
}

TEST_CASE("twenty thousand tasks that await each other are cancelled without a deep stack") {
  int alive = 0;
  run([](int &count) -> task<> {
    auto sleeping = spawn(sleep_below(20'000, live_count(count)));
    co_await yield_now();
    co_await yield_now();
    sleeping.cancel();
    co_await sleeping.ended();
    CHECK(sleeping.was_cancelled());
  }(alive));
  CHECK(alive == 0);
}

TEST_CASE("ten thousand tasks that await each other for ever are destroyed with the loop") {
  int alive = 0;
  run_in_virtual_time([](int &count) -> task<> {
    spawn(stay_below(10'000, live_count(count)));
    co_await yield_now();
    co_await yield_now();
  }(alive));
  CHECK(alive == 0);
}

TEST_CASE("groups within each other that never end are destroyed without a deep stack") {
  constexpr int many = 100'000;
  int alive = 0;
  run_in_virtual_time([](int &count) -> task<> {
    int deepest = 0;
    spawn(stay_in_groups(many, live_count(count), deepest));
    while (deepest <= many) // NOLINT(bugprone-infinite-loop): the tasks count it up
      co_await yield_now();
  }(alive));
  CHECK(alive == 0);
}

TEST_CASE("an exception passes through ten thousand tasks") {
  CHECK_THROWS_WITH(run(throw_from(10'000)), "from the bottom");
}

TEST_CASE("bounding the stack does not let another task come in between") {
  std::string order;
  run([](std::string &log) -> task<> {
    auto other = spawn([](std::string &to) -> task<> {
      to += "other";
      co_return;
    }(log));
    co_await sum_in_a_loop(10'000);
    log += "main ";
    co_await other;
  }(order));
  CHECK(order == "main other");
}
