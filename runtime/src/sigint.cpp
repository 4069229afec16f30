// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SIGINT: the first one interrupts the loop, the second one does what it always does.
#include <coroscope/event_loop.h>
#include <csignal>

namespace coroscope::detail {

void sigint_interrupts::receive(int signal) noexcept {
  if (!seen_before_.exchange(true)) {
    loop_->interrupt();
    return;
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

} // namespace coroscope::detail
