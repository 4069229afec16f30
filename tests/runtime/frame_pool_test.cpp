// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which memory frames get. Where AddressSanitizer watches, the pool steps aside, and only what cannot be seen is
// tested.
#include <algorithm>
#include <catch2/catch.hpp>
#include <coroscope/detail/frame_pool.h>
#include <coroscope/event.h>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/task.h>
#include <cstdint>
#include <cstring>
#include <malloc.h>
#include <thread>
#include <vector>

using namespace coroscope;
using coroscope::detail::frame_pool;

namespace {

/// Bytes; 0 where a sanitizer has an allocator of its own.
std::size_t heap_in_use() { return ::mallinfo2().uordblks; }

bool shows_what_the_pool_keeps() { return COROSCOPE_POOL_FRAMES && heap_in_use() != 0; }

} // namespace

TEST_CASE("a block that was released is taken again for the same size, and not for a much larger one") {
  void *const first = frame_pool::allocate(100);
  frame_pool::release(first, 100);
  void *const larger = frame_pool::allocate(200);
  void *const same = frame_pool::allocate(97);
  if (COROSCOPE_POOL_FRAMES)
    CHECK(same == first);
  CHECK(larger != same);
  frame_pool::release(larger, 200);
  frame_pool::release(same, 97);
}

TEST_CASE("the block that was released last is taken first, and then the others") {
  std::vector<void *> blocks(4);
  for (void *&block : blocks)
    block = frame_pool::allocate(500);
  for (void *block : blocks)
    frame_pool::release(block, 500);
  for (int round = 0; round < 2; ++round) {
    std::vector<void *> taken;
    for (std::size_t i = 0; i < blocks.size(); ++i)
      taken.push_back(frame_pool::allocate(500));
    if (COROSCOPE_POOL_FRAMES)
      CHECK(std::equal(taken.rbegin(), taken.rend(), blocks.begin()));
    for (std::size_t i = taken.size(); i > 0; --i)
      frame_pool::release(taken[i - 1], 500);
  }
}

TEST_CASE("a block of a size that a thread has not had is kept there after its loop has ended") {
  void *const block = frame_pool::allocate(700);
  std::thread([block] {
    run([]() -> task<> { co_return; }());
    frame_pool::release(block, 700);
    void *const again = frame_pool::allocate(700);
    if (COROSCOPE_POOL_FRAMES)
      CHECK(again == block);
    frame_pool::release(again, 700);
  }).join();
}

TEST_CASE("blocks of every size are apart from each other and may be written to the last byte") {
  std::vector<std::pair<unsigned char *, std::size_t>> blocks;
  for (std::size_t size = 0; size < 2 * frame_pool::largest; size += 7) {
    auto *const block = static_cast<unsigned char *>(frame_pool::allocate(size));
    CHECK(reinterpret_cast<std::uintptr_t>(block) % 16 == 0);
    std::memset(block, static_cast<int>(size % 251), size);
    blocks.emplace_back(block, size);
  }
  for (const auto &[block, size] : blocks) {
    for (std::size_t i = 0; i < size; ++i)
      REQUIRE(block[i] == size % 251);
    frame_pool::release(block, size);
  }
}

TEST_CASE("a block may be released on another thread, and after that thread's end nothing of it is left") {
  std::vector<void *> blocks;
  for (int i = 0; i < 10'000; ++i) // more than a thread keeps
    blocks.push_back(frame_pool::allocate(256));
  std::thread([&] {
    for (void *block : blocks)
      frame_pool::release(block, 256);
    frame_pool::release(frame_pool::allocate(256), 256);
  }).join(); // the leak checker looks at what is left
}

TEST_CASE("a thread keeps so many free blocks of a size and gives back the others") {
  if (!COROSCOPE_POOL_FRAMES)
    return;
  std::thread([] { // which has no free blocks yet
    constexpr std::size_t size = 1000, kept = frame_pool::kept_of_a_class / size, slack = 32 * 1024;
    std::vector<void *> blocks(4 * kept);
    const std::size_t before = heap_in_use();
    for (void *&block : blocks)
      block = frame_pool::allocate(size);
    for (void *block : blocks)
      frame_pool::release(block, size);
    CHECK(heap_in_use() <= before + frame_pool::kept_of_a_class + slack);

    // What was full is counted anew once it was not, and the longer half of it goes.
    void *const last = frame_pool::allocate(size);
    void *const next = frame_pool::allocate(size);
    CHECK(std::count(blocks.begin(), blocks.end(), last) == 1);
    frame_pool::release(last, size);
    frame_pool::release(next, size);
    CHECK(heap_in_use() <= before + frame_pool::kept_of_a_class / 2 + slack);
    CHECK(frame_pool::allocate(size) == next);
    frame_pool::release(next, size);
  })
      .join();
}

namespace {

constexpr std::size_t burst_size = 1000, burst_blocks = 4 * frame_pool::kept_of_a_class / burst_size;
constexpr std::size_t burst_bytes = burst_blocks * burst_size;

void allocate_and_release_many() {
  std::vector<void *> blocks(burst_blocks);
  for (void *&block : blocks)
    block = frame_pool::allocate(burst_size);
  for (void *block : blocks)
    frame_pool::release(block, burst_size);
}

} // namespace

TEST_CASE("a loop keeps what a burst of tasks has left for the next burst, and frees it at its end") {
  if (!shows_what_the_pool_keeps())
    return;
  std::thread([] { // which has no free blocks yet
    const std::size_t before = heap_in_use();
    run([](std::size_t heap_before) -> task<> {
      allocate_and_release_many();
      const std::size_t left = heap_in_use();
      CHECK(left >= heap_before + burst_bytes);
      allocate_and_release_many();
      CHECK(heap_in_use() <= left + frame_pool::kept_of_a_class / 4);
      co_return;
    }(before));
    CHECK(heap_in_use() <= before + frame_pool::kept_of_a_class);
    allocate_and_release_many();
    CHECK(heap_in_use() <= before + frame_pool::kept_of_a_class * 5 / 4);
  })
      .join();
}

TEST_CASE("a loop frees what a burst of tasks has left once it is idle") {
  if (!shows_what_the_pool_keeps())
    return;
  std::thread([] { // which has no free blocks yet
    run([]() -> task<> {
      const std::size_t before = heap_in_use();
      allocate_and_release_many();
      CHECK(heap_in_use() >= before + burst_bytes);
      event freed;
      event_loop &loop = current_loop();
      std::thread watch([&, end = outside_work()]() mutable {
        while (heap_in_use() > before + frame_pool::kept_of_a_class)
          std::this_thread::yield();
        loop.post([&freed] { freed.set(); });
        end.end();
      });
      co_await freed.wait();
      watch.join();
    }());
  })
      .join();
}

TEST_CASE("a frame that is freed while its thread ends goes back all the same") {
  struct last_words {
    task<int> work;
    ~last_words() { frame_pool::release(frame_pool::allocate(64), 64); }
  };
  std::thread([] {
    // Made before the pool arranges for the thread's end, so it is destroyed after that.
    static thread_local last_words until_the_end{[]() -> task<int> { co_return 1; }()};
    CHECK(run(std::move(until_the_end.work)) == 1);
  }).join();
}

namespace {

struct alignas(64) over_aligned {
  char bytes[64];
};

task<over_aligned *> keeps_its_own() {
  static over_aligned value;
  co_await yield_now();
  co_return &value;
}

} // namespace

TEST_CASE("the promise of a task is found from its frame, or the task counts as any other coroutine") {
  task<over_aligned *> usual = keeps_its_own();
  const auto coroutine = usual.coroutine();
  const auto then = detail::continuation::to(coroutine);
  CHECK(then.promise() == &coroutine.promise());
  CHECK(then.target() == coroutine);
  CHECK(then.frame() == coroutine.address());
  CHECK_FALSE(detail::continuation());
  const auto foreign = detail::continuation::to(std::noop_coroutine());
  CHECK(foreign.promise() == nullptr);
  CHECK(foreign.target() == std::noop_coroutine());
  run(std::move(usual));
}
