// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who goes on when something ends: a coroutine, or a callback where no coroutine stands behind it.
//
//   task ends -> continuation -> task of ours    (its promise is found from its frame, so await chains can be read)
//                             -> the same, below on the stack: it has called the task
//                             -> other coroutine
//                             -> callback        (a spawned task, a timeout)
#pragma once

#include <coroscope/detail/compiler.h>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace coroscope::detail {

class promise_base;

/// A base of every awaiter that keeps the loop's rules: whoever awaits goes on from the ready queue or by transfer, in
/// the cancel scope in which it waits. Any other awaiter is awaited by way of foreign_await.
class own_awaiter {};

/// What may stand where a coroutine does and is called in place of being resumed: its first word is the function that
/// std::coroutine_handle::resume calls, as a coroutine frame's is.
class alignas(8) callback {
public:
  callback(const callback &) = delete;
  callback &operator=(const callback &) = delete;

protected:
  using function = COROSCOPE_RESUME_CALL void (*)(callback *) noexcept;
  explicit callback(function called) noexcept : called_(called) {
    // Compilers call what they know to be a coroutine in ways of their own, so this is not to be known.
    asm("" : "+r"(called_)); // NOLINT(hicpp-no-assembler)
  }
  ~callback() = default;

private:
  function called_;
};

/// A callback that calls `Derived::call()`, which must not throw.
template <class Derived> class calls_derived : public callback {
  friend Derived;
  calls_derived() noexcept : callback(call_derived) {}

  COROSCOPE_RESUME_CALL static void call_derived(callback *self) noexcept { static_cast<Derived *>(self)->call(); }
};

/// One word: a pointer, and in its low bits to what.
class continuation {
public:
  continuation() noexcept = default;

  template <class Promise> static continuation to(std::coroutine_handle<Promise> coroutine) noexcept {
    const auto bits = reinterpret_cast<std::uintptr_t>(coroutine.address());
    if constexpr (std::is_base_of_v<promise_base, Promise>) {
      static_assert(alignof(Promise) <= promise_offset);
      return continuation(bits);
    }
    return continuation(bits | other);
  }
  /// For what `caller` calls: it returns when it ends, and goes nowhere.
  static continuation back_to(promise_base &caller) noexcept {
    return continuation(reinterpret_cast<std::uintptr_t>(&caller) - promise_offset + below);
  }
  static continuation to(callback &called) noexcept {
    return continuation(reinterpret_cast<std::uintptr_t>(&called) | calls);
  }

  explicit operator bool() const noexcept { return bits_ != none; }

  /// Whether it is of what has been called.
  bool is_back() const noexcept { return is(below); }
  /// To be resumed: the coroutine or the callback. Null where there is none. Precondition: !is_back().
  std::coroutine_handle<> target() const noexcept { return std::coroutine_handle<>::from_address(pointer()); }
  /// The coroutine's frame, null where it is none.
  const void *frame() const noexcept { return is(calls) ? nullptr : pointer(); }
  /// The promise, where the coroutine is a task of ours; else null.
  promise_base *promise() const noexcept { return is(other) || is(calls) ? nullptr : promise_in(pointer()); }

private:
  /// The same with each compiler, as the library may be of one and those who use it of the other.
  enum kind : std::uintptr_t { ours = 0, below = 1, other = 2, calls = 4, mask = 7, none = other };
  static constexpr std::size_t promise_offset = 2 * sizeof(void *); ///< behind the two functions, with both compilers

  explicit continuation(std::uintptr_t bits) noexcept : bits_(bits) {}
  /// `which` is one bit.
  bool is(kind which) const noexcept { return (bits_ & which) != 0; }
  void *pointer() const noexcept {
    return reinterpret_cast<void *>(bits_ & ~std::uintptr_t(mask)); // NOLINT(performance-no-int-to-ptr): it was one
  }
  static promise_base *promise_in(void *frame) noexcept {
    return reinterpret_cast<promise_base *>(static_cast<char *>(frame) + promise_offset);
  }

  std::uintptr_t bits_ = none;
};

} // namespace coroscope::detail
