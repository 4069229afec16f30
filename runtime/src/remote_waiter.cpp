// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a wait ends that another thread may end.
#include <coroscope/detail/remote_waiter.h>

namespace coroscope::detail {

void remote_waiter::fulfil() noexcept {
  if (this_thread.loop == loop_)
    deliver();
  else
    loop_->post(static_cast<mail &>(*this));
}

void remote_waiter::deliver() noexcept {
  loop_->stop_hoping();
  waiter::fulfil();
}

bool remote_waiter::withdraw() noexcept {
  const std::lock_guard held(*lock_);
  if (!linked())
    return false;
  unlink();
  loop_->stop_hoping();
  return true;
}

} // namespace coroscope::detail
