// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is cancelled together: a tree of scopes, and in each the one operation that is waited for in it.
//
//   cancel(reason) -> this scope and all below it, but for shields -> the waiter of each -> resumed, throws the reason
//
// A scope is left by one sequence of coroutines, so at most one operation waits right in it: the others wait in scopes
// below. Scopes belong to one loop's thread.
#pragma once

#include <coroscope/detail/intrusive_list.h>
#include <cstddef>
#include <cstdint>
#include <exception>

namespace coroscope {
class event_loop;
}

namespace coroscope::detail {

class cancel_scope;
class ready_entry;
class waiter;

/// What runs on this thread: the loop, with its ready queue, and the scope of the coroutine that was resumed.
struct running {
  event_loop *loop = nullptr;
  intrusive_list<ready_entry> *ready = nullptr;
  cancel_scope *scope = nullptr;
  bool lost_patience = false; ///< a task has swallowed its cancellation too often
  unsigned steps_in_turn = 0; ///< at most; none any more once the turn is to end
  unsigned ready_awaits = 0;  ///< those of this step that need not wait: so many until it has to
};
inline constinit thread_local running this_thread;

class cancel_scope : public list_node {
public:
  enum class kind : std::uint8_t { loop, task, group, deadline, shield, foreign };

  /// Below `parent`, which may be null, and cancelled where that is, unless it is a shield.
  cancel_scope(kind what, cancel_scope *parent) noexcept;
  ~cancel_scope();

  bool is_cancelled() const noexcept { return static_cast<bool>(reason_); }
  /// A coroscope::cancelled, or null: the first request that reached this scope.
  const std::exception_ptr &reason() const noexcept { return reason_; }
  /// Once; later requests change nothing. Resumes nothing itself.
  void cancel(const std::exception_ptr &reason) noexcept;

  /// How often the awaits of one task may be refused, when nobody waits for the loop but such tasks.
  static constexpr std::uint32_t patience = 10'000;
  /// For the scope of a task: how many of its awaits were begun when it was cancelled already, and so threw at once.
  std::uint32_t refused_waits() const noexcept { return refused_waits_; }

  kind what() const noexcept { return what_; }
  /// Of the scopes within `top`, the one after this: its first child, unless it is not `entered`, or else whoever comes
  /// after it. Null behind the last. Scopes may be nested as deep as tasks are: this takes the place of recursion.
  const cancel_scope *next_within(const cancel_scope &top, bool entered = true) const noexcept;
  cancel_scope *parent() const noexcept { return parent_; }
  const intrusive_list<cancel_scope> &children() const noexcept { return children_; }
  /// What is waited for right in it, or null.
  waiter *waits_for() const noexcept { return waiter_; }

protected:
  intrusive_list<cancel_scope> &children() noexcept { return children_; }
  /// The one that a walk reaches first that visits a scope after those below it, and from the left.
  static cancel_scope &innermost(cancel_scope &from) noexcept;
  /// The one that such a walk reaches next, once it has been at `scope`. Precondition: it has a parent.
  static cancel_scope &next_outwards(cancel_scope &scope) noexcept;
  /// For the scope of a loop, which runs again.
  void forget_cancellation() noexcept { reason_ = nullptr; }

private:
  friend waiter;
  friend ready_entry;
  void cancel_this(const std::exception_ptr &reason) noexcept;

  cancel_scope *parent_;
  waiter *waiter_ = nullptr;
  intrusive_list<cancel_scope> children_;
  std::exception_ptr reason_;
  std::uint32_t refused_waits_ = 0;
  kind what_;
};

/// Whether `error` is what a cancelled scope's awaits threw, and not a failure.
bool is_cancellation(const cancel_scope &scope, const std::exception_ptr &error) noexcept;

} // namespace coroscope::detail
