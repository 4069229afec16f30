// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// to_thread: a function that blocks, run where it blocks nobody.
//
//   co_await to_thread(f) -> thread pool: f() -> mailbox of the loop -> its value or exception
#pragma once

#include <coroscope/detail/mailbox.h>
#include <coroscope/detail/outcome.h>
#include <coroscope/detail/thread_pool.h>
#include <coroscope/detail/waiter.h>
#include <coroscope/event_loop.h>
#include <coroscope/task.h>
#include <coroutine>
#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

namespace coroscope {

namespace detail {

template <class F> class to_thread_operation final : public waiter, private pool_job, private mail {
  using result = std::invoke_result_t<F &>;

public:
  explicit to_thread_operation(F &function) noexcept : function_(&function) {}
  ~to_thread_operation() {
    // Its coroutine is destroyed while the function may run, with what belongs to it.
    if (on_its_way_ && !take_back_and_forget())
      while (on_its_way_) {
        loop_->deliver_mail();
        std::this_thread::yield();
      }
  }

  bool await_ready() const noexcept { return false; }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) {
    loop_ = &current_loop();
    if (!begin(coroutine))
      return;
    start_on_pool(*this);
    on_its_way_ = true;
    loop_->expect_mail();
  }
  result await_resume() {
    end();
    return outcome_.take();
  }
  std::string describe() const override { return "a function on another thread"; }

private:
  void run() noexcept override {
    try {
      if constexpr (std::is_void_v<result>) {
        std::invoke(*function_);
        outcome_.emplace();
      } else {
        outcome_.emplace(std::invoke(*function_));
      }
    } catch (...) {
      outcome_.fail(std::current_exception());
    }
    loop_->post(static_cast<mail &>(*this));
  }
  void deliver() noexcept override {
    on_its_way_ = false;
    loop_->expected_mail_came();
    fulfil();
  }
  bool withdraw() noexcept override { return take_back_and_forget(); }
  bool take_back_and_forget() noexcept {
    if (!take_back(*this))
      return false;
    on_its_way_ = false;
    loop_->expected_mail_came();
    return true;
  }

  F *function_;
  event_loop *loop_ = nullptr;
  bool on_its_way_ = false;
  outcome<result> outcome_;
};

} // namespace detail

/// Calls `function()` on a thread of the process's pool, and gives its value or throws its exception. Where the
/// awaiting task is cancelled before a thread has taken it up, it is not called; once it runs it is waited for, so it
/// may refer to the caller's variables. There are as many threads as processors and four more, 32 at most. A loop with
/// a virtual clock waits for it without time passing. Throws std::system_error where no thread can be made. asyncio:
/// `to_thread`, `run_in_executor`.
template <std::invocable Function> task<std::invoke_result_t<Function &>> to_thread(Function function) {
  co_return co_await detail::to_thread_operation<Function>(function);
}

} // namespace coroscope
