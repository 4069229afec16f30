// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an operation ended with: nothing yet, a value, or an exception.
//
//   a value -> emplace -> take() -> T
//   throw   -> fail    -> take() throws it
#pragma once

#include <coroscope/detail/value_slot.h>
#include <exception>
#include <string>
#include <utility>

namespace coroscope::detail {

/// `error` is null where there is nothing to be taken: then throws std::logic_error.
[[noreturn]] void throw_without_value(const std::exception_ptr &error);

/// What an exception says of itself.
std::string text_of(const std::exception_ptr &error);

/// T may be void or a reference.
template <class T> class outcome {
public:
  template <class... Args> void emplace(Args &&...args) { value_.emplace(std::forward<Args>(args)...); }
  void fail(std::exception_ptr error) noexcept { error_ = std::move(error); }

  /// Null where there is none.
  const std::exception_ptr &error() const noexcept { return error_; }

  /// The value, moved out: once. Throws the exception where there is one, std::logic_error where there is nothing.
  T take() {
    require();
    return value_.take();
  }
  /// The value, left where it is; throws as take() does.
  decltype(auto) look() const {
    require();
    return value_.look();
  }

private:
  void require() const {
    if (!value_.full()) [[unlikely]]
      throw_without_value(error_);
  }

  std::exception_ptr error_;
  value_slot<T> value_;
};

} // namespace coroscope::detail
