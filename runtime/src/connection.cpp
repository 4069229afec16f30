// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Connecting, and accepting for as long as the process lives.
#include "connection.h"
#include <cerrno>
#include <chrono>
#include <coroscope/sleep.h>
#include <cstdio>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace coroscope::detail {

namespace {

class accept_operation final : public io_operation {
public:
  explicit accept_operation(descriptor &target) noexcept : io_operation(target, direction::read) {}
  ~accept_operation() {
    if (!taken_ && result() > 0)
      ::close(static_cast<int>(result())); // its coroutine was destroyed before it went on
  }
  /// A file descriptor, or -errno.
  int await_resume() {
    end();
    taken_ = true;
    return static_cast<int>(result());
  }

private:
  kernel_call in_kernel() const noexcept override { return {kernel_call::kind::accept}; }
  bool attempt() noexcept override {
    if (take_arrived([](arrivals &from) { return from.take_connection(); }))
      return true;
    for (;;) {
      const int accepted = ::accept4(fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (accepted >= 0 || errno != EINTR)
        return finish_unless_blocked(accepted, errno);
    }
  }
  bool taken_ = false;
};

/// Errors that will pass once something else is closed or freed.
bool out_of_resources(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/// Errors of the one connection that was about to be accepted; Linux gives its pending network errors here as well.
bool connection_lost(int error) noexcept {
  switch (error) {
  case ECONNABORTED:
  case EPERM:
  case EPROTO:
  case ENETDOWN:
  case ENETUNREACH:
  case EHOSTDOWN:
  case EHOSTUNREACH:
  case ENONET:
  case ENOPROTOOPT:
  case ETIMEDOUT:
    return true;
  default:
    return false;
  }
}

} // namespace

bool connect_operation::attempt() noexcept {
  for (;;) {
    if (::connect(fd(), peer_.data(), peer_.size) == 0 || errno == EISCONN)
      return finish(0);
    if (errno == EINPROGRESS || errno == EALREADY)
      return false;
    if (errno != EINTR)
      return finish(-errno);
  }
}

task<std::unique_ptr<descriptor>> accept_connection(std::weak_ptr<descriptor> listener) {
  using namespace std::chrono_literals;
  bool reported = false;
  for (int if_closed = EBADF;; if_closed = ECANCELED) {
    descriptor *const listening = listener.lock().get();
    if (!listening || listening->fd() < 0)
      throw_system_error(if_closed, "accept on a listener that is closed or was moved from");
    const int result = co_await accept_operation(*listening);
    if (result >= 0)
      co_return std::make_unique<descriptor>(result);
    if (out_of_resources(-result)) {
      if (!std::exchange(reported, true))
        std::fprintf(stderr, "coroscope: cannot accept a connection for now: %s\n", std::strerror(-result));
      co_await sleep_for(50ms);
    } else if (!connection_lost(-result)) {
      throw_system_error(-result, "accepting a connection");
    }
  }
}

void bind_and_listen(descriptor &target, const socket_address &local, const std::string &name) {
  constexpr int backlog = 1024;
  if (::bind(target.fd(), local.data(), local.size) < 0 || ::listen(target.fd(), backlog) < 0)
    throw_system_error(errno, "listening on " + name);
}

} // namespace coroscope::detail
