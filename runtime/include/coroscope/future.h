// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// future<T> and the completer<T> that sets it: one outcome, for any number of tasks, from any thread.
//
//   completer.set_value / set_error (any thread) -> outcome -> each task that awaits the future, on its own loop
#pragma once

#include <atomic>
#include <coroscope/detail/outcome.h>
#include <coroscope/detail/remote_waiter.h>
#include <coroscope/detail/waiter.h>
#include <coroutine>
#include <exception>
#include <memory>
#include <mutex>
#include <source_location>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace coroscope {

/// The completer of a future went away without having set it.
class never_completed : public std::runtime_error {
public:
  never_completed() : std::runtime_error("coroscope: the completer of this future was dropped without completing it") {}
};

namespace detail {

/// What is the same for every T: who waits, and whether there is an outcome.
class future_state {
public:
  class wait_operation;

  bool completed() const {
    const std::lock_guard held(lock_);
    return completed_;
  }

protected:
  ~future_state() = default;
  /// Calls `set()` and wakes whoever waits. Throws std::logic_error where there is an outcome already.
  template <class Set> void complete(Set set) {
    const std::lock_guard held(lock_);
    if (completed_)
      throw std::logic_error("coroscope: a future is completed once");
    set();
    completed_ = true;
    wake_all();
  }

private:
  void wake_all() noexcept;

  mutable std::mutex lock_;
  bool completed_ = false;
  waiter_list waiting_;
};

/// Waits until there is an outcome.
class future_state::wait_operation : public remote_waiter {
public:
  explicit wait_operation(std::shared_ptr<future_state> on) noexcept
      : remote_waiter(on->lock_), state_(std::move(on)) {}
  ~wait_operation() { leave(); }
  bool await_ready() { return !cancelled_here() && state_->completed() && goes_on(); }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) {
    if (begin(coroutine))
      wait();
  }
  std::string describe() const override { return "a future"; }

private:
  void wait();
  std::shared_ptr<future_state> state_;
};

/// Says on stderr that a future was given an error and nobody took it.
void report_untaken_of_future(const std::exception_ptr &error, const std::source_location &from) noexcept;

template <class T> class future_state_of final : public future_state {
public:
  template <class... Args> void set_value(Args &&...args) {
    complete([&] { outcome_.emplace(std::forward<Args>(args)...); });
  }
  /// `from`: nowhere, where nobody need take it.
  void set_error(std::exception_ptr error, const std::source_location &from) {
    complete([&] {
      outcome_.fail(std::move(error));
      error_from_ = from;
    });
  }
  std::add_lvalue_reference_t<std::add_const_t<T>> look() const {
    if (outcome_.error())
      taken_.store(true, std::memory_order_relaxed);
    return outcome_.look();
  }
  ~future_state_of() {
    if (error_from_.line() != 0 && !taken_.load(std::memory_order_relaxed))
      report_untaken_of_future(outcome_.error(), error_from_);
  }

private:
  outcome<T> outcome_;
  std::source_location error_from_;
  mutable std::atomic<bool> taken_ = false;
};

} // namespace detail

/// An outcome that will be there. Copies are the same future; any number of tasks of any loops may await it, each any
/// number of times, and each gets a reference to the one value, which lives as long as a copy, or the exception. A wait
/// that is cancelled leaves it alone. A loop in which a task waits for a future is never stuck, since another thread
/// may complete it, unless its clock is virtual. asyncio: `Future`.
template <class T = void> class future {
public:
  class awaiter final : public detail::future_state::wait_operation {
  public:
    explicit awaiter(const std::shared_ptr<detail::future_state_of<T>> &on) noexcept
        : wait_operation(on), on_(on.get()) {}
    decltype(auto) await_resume() const {
      end();
      return on_->look();
    }

  private:
    const detail::future_state_of<T> *on_;
  };

  awaiter operator co_await() const noexcept { return awaiter(state_); }
  /// Whether there is an outcome. From any thread.
  bool done() const { return state_->completed(); }

private:
  template <class> friend class completer;
  explicit future(std::shared_ptr<detail::future_state_of<T>> state) noexcept : state_(std::move(state)) {}
  std::shared_ptr<detail::future_state_of<T>> state_;
};

/// Sets the outcome of its future, once. Each of its functions may be called from any thread, but not two at a time.
/// Dropped without that, or given another's place, it completes the future with never_completed.
template <class T = void> class completer {
public:
  completer() : state_(std::make_shared<detail::future_state_of<T>>()) {}
  completer(completer &&other) noexcept = default;
  completer &operator=(completer &&other) noexcept {
    completer taken(std::move(other));
    std::swap(state_, taken.state_);
    return *this;
  }
  ~completer() {
    if (state_ && !state_->completed())
      state_->set_error(std::make_exception_ptr(never_completed()), std::source_location());
  }

  future<T> get_future() const noexcept { return future<T>(state_); }
  /// Throws std::logic_error where there is an outcome already, and what making the value throws.
  template <class... Args> void set_value(Args &&...args) { state_->set_value(std::forward<Args>(args)...); }
  /// An error that nobody has taken when the last future is gone is reported on stderr. Throws std::logic_error where
  /// there is an outcome already.
  void set_error(std::exception_ptr error, std::source_location from = std::source_location::current()) {
    state_->set_error(std::move(error), from);
  }

private:
  std::shared_ptr<detail::future_state_of<T>> state_;
};

} // namespace coroscope
