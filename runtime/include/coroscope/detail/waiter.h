// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A suspended coroutine's place in a queue, and how its wait ends: fulfilled or cancelled.
// It lives in the awaiter, so in the coroutine's own frame: a frame that is destroyed while it waits leaves the queue.
//
//   await_ready: cancelled_here()? -> await_suspend: begin() -> waits -- fulfilled -> ready queue -> await_resume:
//   end()
//                                                                  \-- cancelled -> withdraw() -> ready queue, throws
#pragma once

#include <coroscope/detail/cancel_scope.h>
#include <coroscope/detail/continuation.h>
#include <coroscope/detail/intrusive_list.h>
#include <coroutine>
#include <cstdint>
#include <string>
#include <utility>

namespace coroscope::detail {

/// What the ready queue holds: who goes on, and in which scope.
class ready_entry : public list_node {
public:
  ready_entry() noexcept = default;
  ready_entry(continuation who, cancel_scope *scope) noexcept : who_(who), scope_(scope) {}

  const continuation &who() const noexcept { return who_; }
  const void *frame() const noexcept { return who_.frame(); }
  /// The scope in which it goes on. It waits there no longer.
  cancel_scope *leave_scope() noexcept {
    cancel_scope *const scope = std::exchange(scope_, nullptr);
    if (scope)
      scope->waiter_ = nullptr;
    return scope;
  }

protected:
  friend cancel_scope;
  continuation who_;
  cancel_scope *scope_ = nullptr;
};

using ready_list = intrusive_list<ready_entry>;

class waiter : public ready_entry, public own_awaiter {
public:
  /// For the await tree: what it waits for, as in "waits for …".
  virtual std::string describe() const;

  /// Its wait is over: it goes to the end of the loop's ready queue.
  void fulfil() noexcept { settle(state::fulfilled, *this_thread.ready); }
  /// The same for one of many, to the end of `ready`.
  void fulfil_into(ready_list &ready) noexcept {
    __builtin_prefetch(scope_);
    __builtin_prefetch(who_.target().address());
    settle(state::fulfilled, ready);
  }
  bool waits() const noexcept { return state_ == state::waits; }

protected:
  waiter() noexcept = default;
  ~waiter() { leave_scope(); }

  /// Whether the running task is cancelled. An operation then does not start, so that nothing is lost half-way.
  static bool cancelled_here() noexcept { return this_thread.scope && this_thread.scope->is_cancelled(); }

  /// Last in await_ready, where there is nothing to wait for: false where the step has had enough of such awaits. What
  /// has been got is then kept, and begin() puts the task behind everything that is ready.
  bool goes_on() noexcept {
    if (--this_thread.ready_awaits != 0) [[likely]]
      return true;
    return has_more_turns();
  }
  /// Suspends `coroutine`. False where that is over: its task is cancelled, or goes on in a later turn, and is in the
  /// ready queue already.
  template <class Promise> bool begin(std::coroutine_handle<Promise> coroutine) noexcept {
    who_ = continuation::to(coroutine);
    enter(this_thread.scope);
    if (state_ == state::goes_on_later || cancelled_here()) [[unlikely]] {
      end_at_once();
      return false;
    }
    state_ = state::waits;
    return true;
  }
  /// The same for what cannot be cancelled.
  template <class Promise> void begin_to_end(std::coroutine_handle<Promise> coroutine) noexcept {
    who_ = continuation::to(coroutine);
    state_ = state::waits;
    enter(this_thread.scope);
  }
  /// Suspends `coroutine` until all that is ready already has had its turn.
  template <class Promise> void go_last(std::coroutine_handle<Promise> coroutine) noexcept {
    who_ = continuation::to(coroutine);
    enter(this_thread.scope);
    if (cancelled_here()) [[unlikely]]
      end_at_once();
    else
      fulfil();
  }
  /// For await_resume: throws coroscope::cancelled where the wait was cancelled.
  void end() const {
    if (state_ == state::cancelled) [[unlikely]]
      throw_cancelled();
  }

  /// Leaves whatever queue it waits in. False where it cannot be taken back: its wait then ends as it will.
  virtual bool withdraw() noexcept {
    unlink();
    return true;
  }

private:
  friend cancel_scope;
  enum class state : std::uint8_t { idle, goes_on_later, waits, fulfilled, cancelled };

  void enter(cancel_scope *scope) noexcept {
    scope_ = scope;
    if (!scope)
      return;
    if (scope->waiter_) // of a coroutine that was resumed by hand in the same scope: it is on its own from now on
      scope->waiter_->scope_ = nullptr;
    scope->waiter_ = this;
  }
  void cancel() noexcept;
  /// For goes_on(). Outside of a loop there are no turns.
  bool has_more_turns() noexcept;
  /// For what has nothing to wait for, or may not begin because its task is cancelled.
  void end_at_once() noexcept;
  void settle(state how, ready_list &ready) noexcept {
    state_ = how;
    ready.push_back_unlinked(*this);
  }
  [[noreturn]] static void throw_cancelled();

  state state_ = state::idle;
};

using waiter_list = intrusive_list<waiter>;

} // namespace coroscope::detail
