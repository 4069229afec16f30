// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who goes on when something ends: a coroutine, or a callback where no coroutine stands behind it.
//
//   task ends -> continuation -> task of ours    (its promise is found from its frame, so await chains can be read)
//                             -> other coroutine
//                             -> callback        (a spawned task, a timeout)
#pragma once

#include <coroutine>
#include <cstdint>
#include <type_traits>

namespace coroscope::detail {

class promise_base;

class callback {
public:
  virtual void call() noexcept = 0;

protected:
  ~callback() = default;
};

/// One word: a pointer, and in its low bits to what.
class continuation {
public:
  continuation() noexcept = default;

  template <class Promise> static continuation to(std::coroutine_handle<Promise> coroutine) noexcept {
    const auto bits = reinterpret_cast<std::uintptr_t>(coroutine.address());
    if constexpr (std::is_base_of_v<promise_base, Promise>)
      // A promise of great alignment lies elsewhere in its frame; it is then a coroutine like any other.
      if (static_cast<promise_base *>(&coroutine.promise()) == promise_in(coroutine.address()))
        return continuation(bits | ours);
    return continuation(bits | other);
  }
  static continuation to(callback &called) noexcept {
    return continuation(reinterpret_cast<std::uintptr_t>(&called) | calls);
  }

  explicit operator bool() const noexcept { return bits_ != 0; }

  /// The coroutine, null where there is none.
  std::coroutine_handle<> coroutine() const noexcept {
    return std::coroutine_handle<>::from_address(is(calls) ? nullptr : pointer());
  }
  /// The promise, where the coroutine is a task of ours; else null.
  promise_base *promise() const noexcept { return bits_ != 0 && is(ours) ? promise_in(pointer()) : nullptr; }
  /// Null where it is a coroutine.
  callback *called() const noexcept { return is(calls) ? static_cast<callback *>(pointer()) : nullptr; }

private:
  enum kind : std::uintptr_t { other = 0, ours = 1, calls = 2, mask = 3 };

  explicit continuation(std::uintptr_t bits) noexcept : bits_(bits) {}
  bool is(kind which) const noexcept { return (bits_ & mask) == which; }
  void *pointer() const noexcept {
    return reinterpret_cast<void *>(bits_ & ~std::uintptr_t(mask)); // NOLINT(performance-no-int-to-ptr): it was one
  }
  /// Both compilers put the promise behind the two function pointers.
  static promise_base *promise_in(void *frame) noexcept {
    return reinterpret_cast<promise_base *>(static_cast<char *>(frame) + 2 * sizeof(void *));
  }

  std::uintptr_t bits_ = 0;
};

} // namespace coroscope::detail
