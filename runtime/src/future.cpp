// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How those that wait for a future are woken, on their own loops.
#include <coroscope/future.h>

namespace coroscope::detail {

void future_state::wake_all() noexcept {
  while (!waiting_.empty())
    static_cast<wait_operation &>(waiting_.pop_front()).fulfil();
}

void future_state::wait_operation::wait() {
  const std::lock_guard held(state_->lock_);
  if (state_->completed_)
    fulfil();
  else
    state_->waiting_.push_back(*this);
}

} // namespace coroscope::detail
