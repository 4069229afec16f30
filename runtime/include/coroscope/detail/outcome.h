// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a coroutine ended with: nothing yet, a value, or an exception.
//
//   co_return value -> emplace -> take() -> T
//   throw           -> fail    -> take() throws it
#pragma once

#include <exception>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

namespace coroscope::detail {

/// T may be void or a reference.
template <class T> class outcome {
  struct nothing {};
  struct done {};
  using value_type =
      std::conditional_t<std::is_void_v<T>, done,
                         std::conditional_t<std::is_reference_v<T>, std::remove_reference_t<T> *, std::remove_cv_t<T>>>;

public:
  template <class... Args> void emplace(Args &&...args) {
    if constexpr (std::is_reference_v<T>)
      state_.template emplace<1>(std::addressof(args)...);
    else
      state_.template emplace<1>(std::forward<Args>(args)...);
  }
  void fail(std::exception_ptr error) noexcept { state_.template emplace<2>(std::move(error)); }

  bool failed() const noexcept { return state_.index() == 2; }
  /// Precondition: failed.
  const std::exception_ptr &error() const noexcept { return *std::get_if<2>(&state_); }

  /// The value, moved out: once. Throws the exception where there is one, std::logic_error where there is nothing.
  T take() {
    if (failed())
      std::rethrow_exception(error());
    if (state_.index() == 0)
      throw std::logic_error("coroscope: this task has no value: it was taken before, or the task never ended");
    if constexpr (std::is_reference_v<T>)
      return static_cast<T>(**std::get_if<1>(&state_));
    else if constexpr (!std::is_void_v<T>) {
      T value = std::move(*std::get_if<1>(&state_));
      state_.template emplace<0>();
      return value;
    }
  }

private:
  std::variant<nothing, value_type, std::exception_ptr> state_;
};

} // namespace coroscope::detail
