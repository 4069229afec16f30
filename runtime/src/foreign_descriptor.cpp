// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Waiting on a descriptor and leaving its calls to others.
#include "socket.h"
#include <cerrno>
#include <coroscope/foreign_descriptor.h>
#include <fcntl.h>
#include <poll.h>

namespace coroscope {

foreign_descriptor::foreign_descriptor(int fd) {
  const int duplicate = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (duplicate < 0)
    detail::throw_system_error(errno, "waiting on file descriptor " + std::to_string(fd));
  descriptor_ = std::make_unique<detail::descriptor>(duplicate);
}

bool foreign_descriptor::ready_operation::attempt() noexcept {
  pollfd asked{fd(), static_cast<short>(asked_ == detail::direction::read ? POLLIN : POLLOUT), 0};
  return ::poll(&asked, 1, 0) > 0 && finish(0);
}

void foreign_descriptor::ready_operation::await_resume() const {
  end();
  if (result() < 0)
    detail::throw_system_error(static_cast<int>(-result()), "waiting on a file descriptor");
}

} // namespace coroscope
