// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a request to cancel reaches everything below a scope, and how a cancelled wait ends.
#include <coroscope/cancelled.h>
#include <coroscope/detail/cancel_scope.h>
#include <coroscope/detail/waiter.h>

namespace coroscope::detail {

cancel_scope::cancel_scope(kind what, cancel_scope *parent) noexcept : parent_(parent), what_(what) {
  if (!parent)
    return;
  parent->children_.push_back(*this);
  if (what != kind::shield)
    reason_ = parent->reason_;
}

cancel_scope::~cancel_scope() {
  if (waiter_)
    waiter_->scope_ = nullptr;
  while (!children_.empty())
    children_.pop_front().parent_ = nullptr;
}

cancel_scope &cancel_scope::innermost(cancel_scope &from) noexcept {
  cancel_scope *at = &from;
  while (cancel_scope *const below = at->children_.first())
    at = below;
  return *at;
}

cancel_scope &cancel_scope::next_outwards(cancel_scope &scope) noexcept {
  cancel_scope *const beside = scope.parent_->children_.after(scope);
  return beside ? innermost(*beside) : *scope.parent_;
}

void cancel_scope::cancel_this(const std::exception_ptr &reason) noexcept {
  reason_ = reason;
  if (waiter_)
    waiter_->cancel();
}

void cancel_scope::cancel(const std::exception_ptr &reason) noexcept {
  if (reason_)
    return;
  cancel_this(reason);
  bool reached = true;
  for (const cancel_scope *next = next_within(*this); next; next = next->next_within(*this, reached)) {
    auto &at = const_cast<cancel_scope &>(*next); // NOLINT(cppcoreguidelines-pro-type-const-cast): it is below this
    reached = !at.reason_ && at.what_ != kind::shield;
    if (reached)
      at.cancel_this(reason);
  }
}

const cancel_scope *cancel_scope::next_within(const cancel_scope &top, bool entered) const noexcept {
  if (const cancel_scope *const below = entered ? children_.first() : nullptr)
    return below;
  for (const cancel_scope *at = this; at != &top; at = at->parent_)
    if (const cancel_scope *const next = at->parent_->children_.after(*at))
      return next;
  return nullptr;
}

bool is_cancellation(const cancel_scope &scope, const std::exception_ptr &error) noexcept {
  if (!error || !scope.is_cancelled())
    return false;
  if (error == scope.reason())
    return true;
  try {
    std::rethrow_exception(error);
  } catch (const cancelled &) {
    return true; // a copy of it, which somebody threw
  } catch (...) {
    return false;
  }
}

std::string waiter::describe() const { return "something"; }

void waiter::cancel() noexcept {
  if (state_ == state::waits && withdraw())
    settle(state::cancelled, *this_thread.ready);
}

bool waiter::has_more_turns() noexcept {
  if (!this_thread.loop)
    return true;
  this_thread.steps_in_turn = 0; // the loop looks at timers and descriptors before it goes on
  state_ = state::goes_on_later;
  return false;
}

void waiter::end_at_once() noexcept {
  if (state_ == state::goes_on_later)
    return fulfil();
  settle(state::cancelled, *this_thread.ready);
  cancel_scope *of = scope_;
  while (of && of->what_ != cancel_scope::kind::task)
    of = of->parent_;
  if (of && ++of->refused_waits_ >= cancel_scope::patience)
    this_thread.lost_patience = true;
}

void waiter::throw_cancelled() { std::rethrow_exception(this_thread.scope->reason()); }

} // namespace coroscope::detail
