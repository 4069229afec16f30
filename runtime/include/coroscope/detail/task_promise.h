// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The promise of a task: what the task has ended with.
//
//   co_return value              -> value -> result(), take() -> T
//   throw                        -> error -> result(), take() throw it
//   dropped before it is awaited -> a report
#pragma once

#include <coroscope/detail/outcome.h>
#include <coroscope/detail/promise_base.h>
#include <coroscope/detail/value_slot.h>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <new>
#include <source_location>
#include <type_traits>
#include <utility>

namespace coroscope {
template <class T> class task;
}

namespace coroscope::detail {

/// Throws std::logic_error: the task was awaited before, or else moved from.
[[noreturn]] void throw_cannot_be_awaited(bool awaited_before);

/// What does not depend on the value's type. One byte says what is there: a task that ends with a value initialises and
/// looks at nothing else.
class task_promise_base : public promise_base {
public:
  task_promise_base(const task_promise_base &) = delete;
  task_promise_base &operator=(const task_promise_base &) = delete;

  /// Before the frame is destroyed; more than once does no harm.
  void end() noexcept {
    if (there_is_ < content::value) [[unlikely]]
      end_without_value();
  }

  /// What left the coroutine as an exception, or null.
  std::exception_ptr error() const noexcept { return there_is_ == content::error ? error_ : nullptr; }

protected:
  enum class content : std::uint8_t { nothing, error, value, taken_value };

  task_promise_base() noexcept {}
  ~task_promise_base() {
    if (COROSCOPE_PROMISE_ENDS_ITSELF)
      end();
  }

  /// Throws the exception where there is one, std::logic_error where there is no value.
  COROSCOPE_INLINE_EARLY void require_value() const {
    if (there_is_ != content::value) [[unlikely]]
      throw_without_value(error());
  }

private:
  /// Says on stderr that the task was dropped before it ever ran, unless that came of an exception.
  void end_without_value() noexcept;

protected:
  union {
    std::exception_ptr error_; // NOLINT(readability-identifier-naming): protected, as the union is
  };
  content there_is_ = content::nothing; // behind the union, and so with room for a small value behind it
};

template <class T> class task_promise_value : public task_promise_base {
public:
  /// The value, moved out: once. Throws the exception where there is one, std::logic_error where there is nothing.
  T take() {
    require_value();
    there_is_ = content::taken_value;
    return value_.take();
  }
  /// The same for the coroutine that awaits the task: nobody asks after it.
  T result() {
    require_value();
    return value_.take();
  }

  void unhandled_exception() noexcept {
    forget_value();
    ::new (static_cast<void *>(&error_)) std::exception_ptr(std::current_exception());
    there_is_ = content::error;
  }

protected:
  task_promise_value() noexcept = default;
  ~task_promise_value() { forget_value(); }

  template <class... Args> void keep(Args &&...args) {
    if (!value_place<T>::is_trivial && there_is_ == content::value) { // of a co_return whose local variables threw
      there_is_ = content::nothing;
      value_.destroy();
    }
    value_.emplace(std::forward<Args>(args)...);
    there_is_ = content::value;
  }

private:
  void forget_value() noexcept {
    if (!value_place<T>::is_trivial && there_is_ >= content::value)
      value_.destroy();
  }

  value_place<T> value_;
};

template <class T> class task_promise_return : public task_promise_value<T> {
public:
  template <class U = T>
    requires std::is_convertible_v<U, T>
  void return_value(U &&value) {
    this->keep(std::forward<U>(value));
  }
};

template <> class task_promise_return<void> : public task_promise_value<void> {
public:
  void return_void() noexcept { keep(); }
};

template <class T> class task_promise final : public task_promise_return<T> {
public:
  task<T> get_return_object(std::source_location where = std::source_location::current()) noexcept {
    this->where_ = where;
    return task<T>(std::coroutine_handle<task_promise>::from_promise(*this));
  }
};

/// Destroys a task's coroutine frame, wherever it is suspended: the only way.
inline void destroy_task(std::coroutine_handle<> coroutine, task_promise_base &promise) noexcept {
  if (COROSCOPE_DESTROYER_ENDS_PROMISE)
    promise.end();
  coroutine.destroy();
}
template <class T> void destroy_task(std::coroutine_handle<task_promise<T>> coroutine) noexcept {
  destroy_task(coroutine, coroutine.promise());
}

} // namespace coroscope::detail
