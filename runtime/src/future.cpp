// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How those that wait for a future are woken, on their own loops.
#include <coroscope/future.h>

namespace coroscope::detail {

void future_state::wake_all() noexcept {
  while (!waiting_.empty()) {
    auto &each = static_cast<wait_operation &>(waiting_.pop_front());
    each.loop_->post(static_cast<mail &>(each)); // with the lock held, so that the operation exists
  }
}

void future_state::wait_operation::wait() {
  loop_->hope_for_mail();
  const std::lock_guard held(state_->lock_);
  if (!state_->completed_) {
    state_->waiting_.push_back(*this);
    return;
  }
  loop_->post(static_cast<mail &>(*this));
}

void future_state::wait_operation::deliver() noexcept {
  loop_->stop_hoping();
  fulfil();
}

bool future_state::wait_operation::withdraw() noexcept {
  const std::lock_guard held(state_->lock_);
  if (!linked())
    return false;
  unlink();
  loop_->stop_hoping();
  return true;
}

/// Its coroutine may be destroyed while it waits, or while it is on its way.
future_state::wait_operation::~wait_operation() {
  if (!waits())
    return;
  if (!withdraw())
    loop_->deliver_mail();
}

} // namespace coroscope::detail
