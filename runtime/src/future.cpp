// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How those that wait for a future are woken, on their own loops.
#include <coroscope/future.h>
#include <cstdio>

namespace coroscope::detail {

void future_state::wake_all() noexcept {
  while (!waiting_.empty())
    static_cast<wait_operation &>(waiting_.pop_front()).fulfil();
}

void report_untaken_of_future(const std::exception_ptr &error, const std::source_location &from) noexcept {
  std::fprintf(stderr, "coroscope: %s:%u: '%s' gave a future an error that nobody took: %s\n", from.file_name(),
               static_cast<unsigned>(from.line()), from.function_name(), text_of(error).c_str());
}

void future_state::wait_operation::wait() {
  const std::lock_guard held(state_->lock_);
  if (state_->completed_)
    fulfil();
  else
    state_->waiting_.push_back(*this);
}

} // namespace coroscope::detail
