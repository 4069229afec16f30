// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SIGINT: the first one interrupts the loop, the second one does what it always does.
#include <atomic>
#include <cerrno>
#include <coroscope/event_loop.h>
#include <csignal>

namespace coroscope::detail {

namespace {

std::atomic<event_loop *> interrupted_loop = nullptr;
std::atomic<bool> seen_before = false;

void on_sigint(int) {
  if (seen_before.exchange(true)) {
    std::signal(SIGINT, SIG_DFL);
    std::raise(SIGINT);
  } else if (event_loop *const loop = interrupted_loop.load()) {
    loop->interrupt();
  }
}

} // namespace

sigint_interrupts::sigint_interrupts(event_loop &loop) noexcept {
  event_loop *none = nullptr;
  if (!interrupted_loop.compare_exchange_strong(none, &loop))
    return;
  struct sigaction before{};
  ::sigaction(SIGINT, nullptr, &before);
  if ((before.sa_flags & SA_SIGINFO) != 0 || before.sa_handler != SIG_DFL) {
    interrupted_loop.store(nullptr);
    return;
  }
  seen_before.store(false);
  struct sigaction action{};
  action.sa_handler = on_sigint;
  ::sigaction(SIGINT, &action, nullptr);
  installed_ = true;
}

sigint_interrupts::~sigint_interrupts() {
  if (!installed_)
    return;
  std::signal(SIGINT, SIG_DFL);
  interrupted_loop.store(nullptr);
}

} // namespace coroscope::detail
