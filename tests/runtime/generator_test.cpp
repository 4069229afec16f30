// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a generator yields, when it runs, and what happens when it ends early or throws.
#include "live_count.h"
#include <catch2/catch.hpp>
#include <coroscope/generator.h>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <string>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;

namespace {

generator<int> up_to(int last) {
  for (int i = 1; i <= last; ++i)
    co_yield i;
}

generator<std::string> words() {
  co_yield "a temporary";
  const std::string local = "a local";
  co_yield local;
}

generator<int &> elements(std::vector<int> &of) {
  for (int &each : of)
    co_yield each;
}

generator<int> fails_after_two() {
  co_yield 1;
  co_yield 2;
  throw std::runtime_error("no third");
}

generator<int> holding(live_count, int last) {
  for (int i = 1; i <= last; ++i)
    co_yield i;
}

struct tree {
  int value;
  std::unique_ptr<tree> left, right;
};

generator<int> in_order(const tree *node) {
  if (!node)
    co_return;
  co_yield elements_of(in_order(node->left.get()));
  co_yield node->value;
  co_yield elements_of(in_order(node->right.get()));
}

generator<int> nested(int depth) {
  if (depth > 0)
    co_yield elements_of(nested(depth - 1));
  co_yield depth;
}

generator<int> recovers() {
  co_yield 0;
  try {
    co_yield elements_of(fails_after_two());
  } catch (const std::runtime_error &) {
    // The inner one has ended; this one goes on after the handler.
  }
  co_yield 3;
}

template <class T> std::vector<T> all(generator<T> from) {
  std::vector<T> found;
  for (const T &each : from)
    found.push_back(each);
  return found;
}

} // namespace

static_assert(std::ranges::input_range<generator<int>>);
static_assert(std::ranges::view<generator<int>>);
static_assert(std::is_same_v<std::ranges::range_reference_t<generator<int &>>, int &>);

TEST_CASE("a generator yields its elements in order, or none") {
  CHECK(all(up_to(3)) == std::vector<int>{1, 2, 3});
  CHECK(all(up_to(0)).empty());
  CHECK(all(words()) == std::vector<std::string>{"a temporary", "a local"});
}

TEST_CASE("a generator of references yields the very objects") {
  std::vector<int> numbers{1, 2, 3};
  for (int &each : elements(numbers))
    each *= 2;
  CHECK(numbers == std::vector<int>{2, 4, 6});
}

TEST_CASE("a generator goes through range adaptors") {
  std::vector<int> odd;
  for (int each : up_to(100) | std::views::filter([](int i) { return i % 2 == 1; }) | std::views::take(3))
    odd.push_back(each);
  CHECK(odd == std::vector<int>{1, 3, 5});
}

TEST_CASE("an exception leaves from ++ after the elements before it") {
  std::vector<int> seen;
  const auto read = [&] {
    for (int each : fails_after_two())
      seen.push_back(each);
  };
  CHECK_THROWS_WITH(read(), "no third");
  CHECK(seen == std::vector<int>{1, 2});
}

TEST_CASE("a generator that is dropped early, or never begun, destroys its locals") {
  int alive = 0;
  {
    generator<int> unread = holding(live_count(alive), 3);
    CHECK(alive > 0);
  }
  CHECK(alive == 0);
  for (int each : holding(live_count(alive), 3)) {
    if (each == 2)
      break;
  }
  CHECK(alive == 0);
}

TEST_CASE("a recursive generator yields the elements of others in place") {
  const auto leaf = [](int value) { return std::make_unique<tree>(tree{value, nullptr, nullptr}); };
  const tree root{4, std::make_unique<tree>(tree{2, leaf(1), leaf(3)}),
                  std::make_unique<tree>(tree{5, nullptr, leaf(6)})};
  CHECK(all(in_order(&root)) == std::vector<int>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("recursion ten thousand deep does not overflow the stack") {
  const std::vector<int> found = all(nested(10'000));
  REQUIRE(found.size() == 10'001);
  CHECK(found.front() == 0);
  CHECK(found.back() == 10'000);
}

TEST_CASE("an exception of an inner generator can be caught by the outer one") {
  CHECK(all(recovers()) == std::vector<int>{0, 1, 2, 3});
}
