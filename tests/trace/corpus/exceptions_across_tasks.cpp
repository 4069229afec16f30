// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exceptions through chains of tasks, rethrown, replaced, nested, kept beyond the frame that threw them.
#include "corpus.h"

#include <stdexcept>
#include <string>

static int alive = 0;
struct guard {
  guard() { ++alive; }
  guard(const guard &) = delete;
  ~guard() { --alive; }
};

static task<int> throws(int depth) {
  guard here;
  if (depth == 0)
    throw std::runtime_error("from the bottom of a chain that is too long for a short string");
  co_return co_await throws(depth - 1);
}

static task<int> replaces() {
  guard here;
  try {
    co_await throws(5);
  } catch (const std::exception &first) {
    throw std::logic_error(std::string("instead of: ") + first.what());
  }
  co_return 0;
}

static task<int> nests() {
  try {
    co_return co_await replaces();
  } catch (...) {
    std::throw_with_nested(std::out_of_range("outside"));
  }
}

static task<int> survives() {
  int caught = 0;
  for (int i = 0; i < 10; ++i)
    try {
      guard here;
      caught += co_await throws(i) + 1;
    } catch (const std::runtime_error &) {
      ++caught;
    }
  co_return caught;
}

static generator<int> throws_midway() {
  co_yield 1;
  throw 5;
}

int main() {
  try {
    nests().run();
    CHECK(false);
  } catch (const std::out_of_range &error) {
    std::puts(error.what());
    try {
      std::rethrow_if_nested(error);
    } catch (const std::logic_error &inner) {
      std::puts(inner.what());
    }
  }
  CHECK(survives().run() == 10);
  generator<int> all = throws_midway();
  CHECK(all.next());
  try {
    all.next();
    CHECK(false);
  } catch (int number) {
    CHECK(number == 5);
  }
  std::exception_ptr kept;
  try {
    throws(3).run();
  } catch (...) {
    kept = std::current_exception();
  }
  try {
    std::rethrow_exception(kept);
  } catch (const std::exception &error) {
    std::puts(error.what());
  }
  CHECK(alive == 0);
  return result();
}
