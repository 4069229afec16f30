// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the memory of coroutine frames and spawned tasks comes from, and where it goes when they end.
//
//   allocate(size) -> the block of the size's class that this thread released last, or the first of its free list
//                     -- none --> operator new
//   release        -> the same -- full --> operator delete
//                     full, while an event loop runs on the thread: a surplus, which the loop frees when it is idle
//
// A block is one allocation of its own, so that it may be released on another thread than it was taken from.
#pragma once

#include <array>
#include <coroscope/detail/compiler.h>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace coroscope::detail {

/// The free blocks of one size. The one that was released last is not in the list, so that a coroutine that ends and
/// the next one that begins need not look at what the block holds. How many the others are is counted only when the
/// `until_count`-th more is released.
struct free_list {
  struct block {
    block *next;
  };
  static constexpr std::uintptr_t none = 0;
  static constexpr std::uintptr_t closed = 1; ///< none, and none may be: the thread has released nothing, or ends

  std::uintptr_t last = closed;
  block *first = nullptr;
  std::size_t until_count = 1;
  const block *first_when_full = nullptr;

  /// Precondition: there is one.
  void *take_last() noexcept {
    return reinterpret_cast<void *>(std::exchange(last, none)); // NOLINT(performance-no-int-to-ptr): it was one
  }
  void keep_last(void *released) noexcept { last = reinterpret_cast<std::uintptr_t>(released); }
};

/// The free blocks of one thread.
class frame_pool {
public:
  static constexpr std::size_t granularity = 16;
  static constexpr std::size_t classes = 64;
  /// Bytes of the smallest class: what glibc's malloc gives from a chunk, and so on in steps of the granularity.
  static constexpr std::size_t smallest = 24;
  /// Bytes; larger blocks are not kept.
  static constexpr std::size_t largest = smallest + granularity * (classes - 1);
  /// Bytes that a thread keeps of each class, a surplus and the block released last aside.
  static constexpr std::size_t kept_of_a_class = 256 * 1024;

  /// While one exists, the thread keeps all that is released; whoever made it frees the surplus, at the latest when the
  /// last one goes.
  class keeping {
  public:
    keeping() noexcept { ++keeps_surplus; }
    keeping(const keeping &) = delete;
    keeping &operator=(const keeping &) = delete;
    ~keeping() {
      if (--keeps_surplus == 0)
        free_surplus();
    }
  };
  /// Whether this thread was seen to keep more than kept_of_a_class, which is looked at now and then.
  static bool has_surplus() noexcept { return surplus; }
  static void free_surplus() noexcept;

  /// Throws std::bad_alloc. The block is aligned for everything that needs no `alignas`.
  COROSCOPE_INLINE_EARLY static void *allocate(std::size_t size) {
    if (size > largest)
      return ::operator new(size);
    if (!COROSCOPE_POOL_FRAMES) // the library may do it, and then keeps the block for whatever is of its class
      return ::operator new(size_of(class_of(size)));
    free_list &of = free_blocks[class_of(size)];
    if (of.last > free_list::closed) [[likely]]
      return of.take_last();
    if (free_list::block *const first = of.first) [[likely]] {
      of.first = first->next;
      return first;
    }
    return allocate_anew<COROSCOPE_HAS_PRESERVE_MOST>(size_of(class_of(size)));
  }

  /// `size` is what was asked for.
  COROSCOPE_INLINE_EARLY static void release(void *block, std::size_t size) noexcept {
    if (size > largest || !COROSCOPE_POOL_FRAMES)
      return ::operator delete(block);
    free_list &of = free_blocks[class_of(size)];
    if (of.last != free_list::none) [[unlikely]] {
      if (--of.until_count == 0) [[unlikely]]
        return release_and_count(block, size);
      of.first = ::new (of.take_last()) free_list::block{of.first};
    }
    of.keep_last(block);
  }

private:
  struct freed_at_thread_end;

  static constexpr std::size_t class_of(std::size_t size) noexcept {
    return size <= smallest ? 0 : (size - smallest + granularity - 1) / granularity;
  }
  static constexpr std::size_t size_of(std::size_t which) noexcept { return smallest + which * granularity; }
  /// A template, so that what one compiler makes of it is not taken for what the other one makes.
  template <bool> [[gnu::cold, gnu::noinline]] COROSCOPE_PRESERVE_MOST static void *allocate_anew(std::size_t size) {
    return ::operator new(size);
  }
  static void release_and_count(void *block, std::size_t size) noexcept;

  static inline constinit thread_local std::array<free_list, classes> free_blocks{};
  static inline constinit thread_local unsigned keeps_surplus = 0;
  static inline constinit thread_local bool surplus = false;
};

/// A base class whose derived classes are taken from the pool.
class pooled {
public:
  COROSCOPE_INLINE_EARLY static void *operator new(std::size_t size) { return frame_pool::allocate(size); }
  COROSCOPE_INLINE_EARLY static void operator delete(void *block, std::size_t size) noexcept {
    frame_pool::release(block, size);
  }

protected:
  pooled() = default;
  ~pooled() = default;
};

} // namespace coroscope::detail
