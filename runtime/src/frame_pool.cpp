// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How many free blocks a thread keeps, and what happens to them at its end.
#include <coroscope/detail/frame_pool.h>

namespace coroscope::detail {

namespace {

void free_all(free_list::block *&first) noexcept {
  while (first) {
    free_list::block *const block = first;
    first = block->next;
    ::operator delete(block);
  }
}

bool are_as_many_as(std::size_t limit, const free_list::block *at) noexcept {
  std::size_t count = 0;
  for (; at && count < limit; at = at->next)
    ++count;
  return count == limit;
}

/// Frees all but half of what may be kept, so that the next time to count is far away.
void trim(free_list &list, std::size_t kept) noexcept {
  std::size_t counted = 0;
  free_list::block **end = &list.first;
  for (; *end && counted < kept / 2; ++counted)
    end = &(*end)->next;
  free_all(*end);
  list.until_count = kept - counted + 1;
  list.first_when_full = nullptr;
}

enum class thread_state : unsigned char { has_released_nothing, runs, over };
constinit thread_local thread_state state = thread_state::has_released_nothing;

} // namespace

/// Frees the thread's free blocks. What is released after that is freed at once.
struct frame_pool::freed_at_thread_end {
  freed_at_thread_end() noexcept { state = thread_state::runs; }
  freed_at_thread_end(const freed_at_thread_end &) = delete;
  freed_at_thread_end &operator=(const freed_at_thread_end &) = delete;
  ~freed_at_thread_end() {
    state = thread_state::over;
    for (free_list &each : free_blocks) {
      if (each.last > free_list::closed)
        ::operator delete(each.take_last());
      each.last = free_list::closed;
      each.until_count = 1;
      free_all(each.first);
    }
  }
};

void frame_pool::release_and_count(void *block, std::size_t size) noexcept {
  if (state == thread_state::has_released_nothing) {
    static const thread_local freed_at_thread_end at_end;
  }
  free_list &of = free_blocks[class_of(size)];
  of.until_count = 1;
  const bool still_full = of.first && of.first == of.first_when_full;
  if (state == thread_state::over || still_full)
    return ::operator delete(block);
  if (of.last == free_list::closed)
    of.last = free_list::none;

  const std::size_t kept = kept_of_a_class / size_of(class_of(size));
  const bool full = (keeps_surplus == 0 || !surplus) && are_as_many_as(kept, of.first);
  if (keeps_surplus != 0) {
    surplus = surplus || full;
    of.until_count = kept + 1;
  } else if (full) {
    of.first_when_full = of.first;
    return ::operator delete(block);
  } else {
    trim(of, kept);
  }
  release(block, size);
}

void frame_pool::free_surplus() noexcept {
  surplus = false;
  for (std::size_t which = 0; which < classes; ++which)
    if (free_blocks[which].last != free_list::closed)
      trim(free_blocks[which], kept_of_a_class / size_of(which));
}

} // namespace coroscope::detail
