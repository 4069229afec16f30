// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What stands between the runtime and the C library: __wrap_f is called for f, and __real_f is f.
#include "faults.h"
#include "failure_plan.h"
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <netdb.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>

namespace coroscope::testing {

namespace {

// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables): the C library has no objects
failure_plan<library_call> now;
bool one_byte_a_call = false;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

bool fails(library_call call) noexcept {
  if (!now.fails(call))
    return false;
  errno = now.error;
  return true;
}

std::atomic<bool> look_ups_hang;
std::atomic<int> hanging;

/// Whether a look-up was made to fail in the end.
bool hung() noexcept {
  if (!look_ups_hang)
    return false;
  ++hanging;
  look_ups_hang.wait(true);
  --hanging;
  hanging.notify_all();
  return true;
}

std::size_t moved(std::size_t size) noexcept { return one_byte_a_call ? std::min<std::size_t>(size, 1) : size; }

} // namespace

const char *name_of(library_call call) noexcept {
  constexpr std::array names = {"accept4", "connect", "epoll_ctl", "epoll_wait", "eventfd",
                                "ppoll",   "select",  "recv",      "send",       "socket"};
  return names[static_cast<std::size_t>(call)];
}

failing_calls::failing_calls(library_call call, int error, unsigned first, unsigned end) noexcept {
  now = {call, error, first, end};
}
failing_calls::~failing_calls() { now.error = 0; }
unsigned failing_calls::failed() const noexcept { return now.failed; }

single_bytes::single_bytes() noexcept { one_byte_a_call = true; }
single_bytes::~single_bytes() { one_byte_a_call = false; }

hanging_look_ups::hanging_look_ups() noexcept { look_ups_hang = true; }
hanging_look_ups::~hanging_look_ups() {
  look_ups_hang = false;
  look_ups_hang.notify_all();
  for (int left = hanging; left != 0; left = hanging)
    hanging.wait(left);
}

} // namespace coroscope::testing

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names
using coroscope::testing::fails;
using coroscope::testing::library_call;

extern "C" {

int __real_getaddrinfo(const char *, const char *, const addrinfo *, addrinfo **);
int __wrap_getaddrinfo(const char *host, const char *service, const addrinfo *hints, addrinfo **found) {
  return coroscope::testing::hung() ? EAI_AGAIN : __real_getaddrinfo(host, service, hints, found);
}

int __real_accept4(int, sockaddr *, socklen_t *, int);
int __wrap_accept4(int fd, sockaddr *peer, socklen_t *size, int flags) {
  return fails(library_call::accept4) ? -1 : __real_accept4(fd, peer, size, flags);
}

int __real_connect(int, const sockaddr *, socklen_t);
int __wrap_connect(int fd, const sockaddr *peer, socklen_t size) {
  return fails(library_call::connect) ? -1 : __real_connect(fd, peer, size);
}

int __real_epoll_ctl(int, int, int, epoll_event *);
int __wrap_epoll_ctl(int epoll, int what, int fd, epoll_event *event) {
  return what == EPOLL_CTL_ADD && fails(library_call::epoll_ctl) ? -1 : __real_epoll_ctl(epoll, what, fd, event);
}

int __real_epoll_wait(int, epoll_event *, int, int);
int __wrap_epoll_wait(int epoll, epoll_event *events, int most, int milliseconds) {
  return fails(library_call::epoll_wait) ? -1 : __real_epoll_wait(epoll, events, most, milliseconds);
}

int __real_eventfd(unsigned, int);
int __wrap_eventfd(unsigned count, int flags) {
  return fails(library_call::eventfd) ? -1 : __real_eventfd(count, flags);
}

int __real_ppoll(pollfd *, nfds_t, const timespec *, const sigset_t *);
int __wrap_ppoll(pollfd *asked, nfds_t count, const timespec *limit, const sigset_t *mask) {
  return fails(library_call::ppoll) ? -1 : __real_ppoll(asked, count, limit, mask);
}

int __real_select(int, fd_set *, fd_set *, fd_set *, timeval *);
int __wrap_select(int end, fd_set *read, fd_set *write, fd_set *other, timeval *limit) {
  return fails(library_call::select) ? -1 : __real_select(end, read, write, other, limit);
}

ssize_t __real_recv(int, void *, size_t, int);
ssize_t __wrap_recv(int fd, void *into, size_t size, int flags) {
  return fails(library_call::recv) ? -1 : __real_recv(fd, into, coroscope::testing::moved(size), flags);
}

ssize_t __real_send(int, const void *, size_t, int);
ssize_t __wrap_send(int fd, const void *from, size_t size, int flags) {
  return fails(library_call::send) ? -1 : __real_send(fd, from, coroscope::testing::moved(size), flags);
}

int __real_socket(int, int, int);
int __wrap_socket(int family, int type, int protocol) {
  return fails(library_call::socket) ? -1 : __real_socket(family, type, protocol);
}

} // extern "C"
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
