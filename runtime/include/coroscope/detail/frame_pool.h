// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the memory of coroutine frames and spawned tasks comes from, and where it goes when they end.
//
//   allocate(size) -> free list of the size's class, of this thread -- empty --> operator new
//   release        -> the same list                                 -- full ---> operator delete
//
// A block is one allocation of its own, so that it may be released on another thread than it was taken from.
#pragma once

#include <array>
#include <coroscope/detail/compiler.h>
#include <cstddef>
#include <new>

namespace coroscope::detail {

/// The free blocks of one thread.
class frame_pool {
public:
  static constexpr std::size_t granularity = 32;
  static constexpr std::size_t classes = 32;
  /// Bytes; larger blocks are not kept.
  static constexpr std::size_t largest = granularity * classes;
  /// Bytes that a thread keeps of each class.
  static constexpr std::size_t kept_of_a_class = 256 * 1024;

  /// Throws std::bad_alloc. The block is aligned for everything that needs no `alignas`.
  static void *allocate(std::size_t size) {
    if (size > largest || !COROSCOPE_POOL_FRAMES)
      return ::operator new(size);
    size_class &of = free_blocks[class_of(size)];
    if (free_block *first = of.first) [[likely]] {
      of.first = first->next;
      ++of.room;
      return first;
    }
    return ::operator new((class_of(size) + 1) * granularity);
  }

  /// `size` is what was asked for.
  static void release(void *block, std::size_t size) noexcept {
    if (size > largest || !COROSCOPE_POOL_FRAMES)
      return ::operator delete(block);
    size_class &of = free_blocks[class_of(size)];
    if (of.room == 0) [[unlikely]] {
      release_without_room(block, size);
      return;
    }
    --of.room;
    of.first = ::new (block) free_block{of.first};
  }

private:
  struct free_block {
    free_block *next;
  };
  /// `room` is 0 until the thread first releases a block, which is when it arranges for the list to be freed at its
  /// end.
  struct size_class {
    free_block *first = nullptr;
    std::size_t room = 0;
  };
  struct freed_at_thread_end;

  static constexpr std::size_t class_of(std::size_t size) noexcept { return size == 0 ? 0 : (size - 1) / granularity; }
  static void release_without_room(void *block, std::size_t size) noexcept;

  static thread_local constinit std::array<size_class, classes> free_blocks;
};

/// A base class whose derived classes are taken from the pool.
class pooled {
public:
  static void *operator new(std::size_t size) { return frame_pool::allocate(size); }
  static void operator delete(void *block, std::size_t size) noexcept { frame_pool::release(block, size); }

protected:
  pooled() = default;
  ~pooled() = default;
};

} // namespace coroscope::detail
