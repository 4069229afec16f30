// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stack stays bounded however many tasks complete without ever waiting, with and without tail calls.
#include <catch2/catch.hpp>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/task.h>
#include <cstdint>
#include <stdexcept>

using namespace coroscope;

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

} // namespace

TEST_CASE("a million tasks that complete at once, one after the other, do not overflow the stack") {
  CHECK(run(sum_in_a_loop(1'000'000)) == 1'000'000);
}

TEST_CASE("a hundred thousand tasks within each other do not overflow the stack") {
  CHECK(run(depth(100'000)) == 100'000);
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
