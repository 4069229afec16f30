// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a coroutine ended with: nothing yet, a value, or an exception.
//
//   co_return value -> emplace -> take() -> T
//   throw           -> fail    -> take() throws it
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace coroscope::detail {

/// `error` is null where there is nothing to be taken: then throws std::logic_error.
[[noreturn]] void throw_without_value(const std::exception_ptr &error);

/// T may be void or a reference.
template <class T> class outcome { // NOLINT(bugprone-tagged-union-member-count): the third state has no value
  struct done {};
  using value_type =
      std::conditional_t<std::is_void_v<T>, done,
                         std::conditional_t<std::is_reference_v<T>, std::remove_reference_t<T> *, std::remove_cv_t<T>>>;

public:
  outcome() noexcept {}
  outcome(const outcome &) = delete;
  outcome &operator=(const outcome &) = delete;
  ~outcome() { reset(); }

  template <class... Args> void emplace(Args &&...args) {
    reset();
    if constexpr (std::is_reference_v<T>)
      ::new (static_cast<void *>(&value_)) value_type(std::addressof(args)...);
    else
      ::new (static_cast<void *>(&value_)) value_type(std::forward<Args>(args)...);
    state_ = state::value;
  }
  void fail(std::exception_ptr error) noexcept {
    reset();
    ::new (&error_) std::exception_ptr(std::move(error));
    state_ = state::error;
  }

  bool failed() const noexcept { return state_ == state::error; }
  /// Precondition: failed.
  const std::exception_ptr &error() const noexcept { return error_; }

  /// The value, moved out: once. Throws the exception where there is one, std::logic_error where there is nothing.
  T take() {
    if (state_ != state::value) [[unlikely]]
      throw_without_value(failed() ? error_ : nullptr);
    if constexpr (std::is_reference_v<T>) {
      return static_cast<T>(*value_);
    } else if constexpr (!std::is_void_v<T>) {
      const taken at_the_end{*this};
      return std::move(value_);
    }
  }

  /// The value, left where it is; throws as take() does.
  std::add_lvalue_reference_t<std::add_const_t<T>> look() const {
    if (state_ != state::value) [[unlikely]]
      throw_without_value(failed() ? error_ : nullptr);
    if constexpr (std::is_reference_v<T>)
      return static_cast<T>(*value_);
    else if constexpr (!std::is_void_v<T>)
      return value_;
  }

private:
  enum class state : std::uint8_t { nothing, value, error };

  struct taken {
    outcome &of;
    ~taken() { of.reset(); }
  };
  void reset() noexcept {
    if (state_ == state::error)
      error_.~exception_ptr();
    else if (state_ == state::value)
      value_.~value_type();
    state_ = state::nothing;
  }

  union {
    value_type value_;         // NOLINT(readability-identifier-naming): private, as the union is
    std::exception_ptr error_; // NOLINT(readability-identifier-naming)
  };
  state state_ = state::nothing;
};

} // namespace coroscope::detail
