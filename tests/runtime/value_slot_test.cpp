// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a place for a value does with values of all kinds: those that need more than the usual alignment, references,
// and those whose task fails after all.
#include "live_count.h"
#include <catch2/catch.hpp>
#include <coroscope/detail/outcome.h>
#include <coroscope/detail/value_slot.h>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/task.h>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

using namespace coroscope;
using namespace coroscope::testing;
using coroscope::detail::outcome;
using coroscope::detail::value_slot;

namespace {

struct alignas(256) over_aligned {
  explicit over_aligned(int number) : value(number) {}
  over_aligned(const over_aligned &other) = default;
  over_aligned &operator=(const over_aligned &) = delete;
  ~over_aligned() { value = -1; }
  bool is_aligned() const { return reinterpret_cast<std::uintptr_t>(this) % alignof(over_aligned) == 0; }
  int value;
};
static_assert(alignof(value_slot<over_aligned>) <= alignof(std::max_align_t));
static_assert(alignof(task<over_aligned>::promise_type) <= alignof(std::max_align_t));

task<over_aligned> give_aligned(int value) {
  co_await yield_now();
  co_return over_aligned(value);
}

/// Its destructor throws, once the value is there.
struct throws_at_the_end {
  ~throws_at_the_end() noexcept(false) { throw std::runtime_error("too late"); }
};

task<live_count> fails_after_its_value(int &alive) {
  const throws_at_the_end local;
  co_return live_count(alive);
}

task<std::unique_ptr<int>> gives_a_second_value() {
  try {
    const throws_at_the_end local;
    co_return std::make_unique<int>(1);
  } catch (const std::runtime_error &) {
  }
  co_return std::make_unique<int>(2);
}

} // namespace

TEST_CASE("a value that needs more than the usual alignment has it, and is taken once") {
  value_slot<over_aligned> slot;
  CHECK_FALSE(slot.full());
  slot.emplace(7);
  CHECK(slot.full());
  CHECK(slot.look().is_aligned());
  slot.emplace(8);
  const over_aligned taken = slot.take();
  CHECK(taken.value == 8);
  CHECK_FALSE(slot.full());
}

TEST_CASE("a slot destroys what it holds: when it is set again, when that is taken, and in the end") {
  int alive = 0;
  {
    value_slot<live_count> slot;
    slot.emplace(alive);
    slot.emplace(alive);
    CHECK(alive == 1);
    slot.take();
    CHECK(alive == 0);
    slot.emplace(alive);
  }
  CHECK(alive == 0);
}

TEST_CASE("a slot of a reference gives that very object, and a slot of void only says whether it is full") {
  std::string text;
  value_slot<std::string &> reference;
  reference.emplace(text);
  CHECK(&reference.look() == &text);
  CHECK(&reference.take() == &text);
  CHECK_FALSE(reference.full());
  value_slot<void> nothing;
  nothing.emplace();
  nothing.take();
  CHECK_FALSE(nothing.full());
}

// No coroutine has a variable of the type here: compilers do not align those in frames.
TEST_CASE("runs, joins and outcomes give values that need more than the usual alignment") {
  const over_aligned returned = run(give_aligned(1));
  CHECK(returned.value == 1);

  std::optional<join_handle<over_aligned>> handle;
  run([](std::optional<join_handle<over_aligned>> &to) -> task<> {
    to = spawn(give_aligned(2));
    co_await to->ended();
  }(handle));
  const over_aligned joined = handle->take();
  CHECK(joined.value == 2);
  CHECK_THROWS_AS(handle->take(), std::logic_error);

  outcome<over_aligned> ended;
  ended.emplace(3);
  CHECK(ended.look().is_aligned());
  CHECK(ended.take().value == 3);
}

TEST_CASE("a task whose local variables throw when it has its value fails, and the value is gone") {
  int alive = 0;
  CHECK_THROWS_WITH(run(fails_after_its_value(alive)), "too late");
  CHECK(alive == 0);
  CHECK(*run(gives_a_second_value()) == 2);
}
