// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens to a thread's free blocks at its end.
#include <coroscope/detail/frame_pool.h>

namespace coroscope::detail {

thread_local constinit std::array<frame_pool::size_class, frame_pool::classes> frame_pool::free_blocks{};

namespace {

enum class thread_state : unsigned char { without_room, with_room, over };
constinit thread_local thread_state state = thread_state::without_room;

} // namespace

/// Frees the thread's blocks. What is released after that goes straight back to operator delete.
struct frame_pool::freed_at_thread_end {
  freed_at_thread_end() noexcept { state = thread_state::with_room; }
  freed_at_thread_end(const freed_at_thread_end &) = delete;
  freed_at_thread_end &operator=(const freed_at_thread_end &) = delete;
  ~freed_at_thread_end() {
    state = thread_state::over;
    for (size_class &each : free_blocks) {
      each.room = 0;
      while (each.first) {
        free_block *const block = each.first;
        each.first = block->next;
        ::operator delete(block);
      }
    }
  }
};

void frame_pool::release_without_room(void *block, std::size_t size) noexcept {
  if (state != thread_state::without_room)
    return ::operator delete(block);
  static const thread_local freed_at_thread_end at_end;
  for (std::size_t i = 0; i < classes; ++i)
    free_blocks[i].room = kept_of_a_class / ((i + 1) * granularity);
  release(block, size);
}

} // namespace coroscope::detail
