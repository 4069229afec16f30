// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In which order what has come is taken: what was kept, what has just come, the end.
#include <algorithm>
#include <coroscope/detail/arrivals.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace coroscope::detail {

arrivals::~arrivals() {
  const linger at_once{1, 0};
  for (const int fd : connections_) {
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(fd);
  }
}

void arrivals::add_bytes(std::span<const char> arrived) {
  keep();
  unread_ = arrived;
}

void arrivals::keep() {
  if (unread_.empty())
    return;
  if (taken_ > kept_.size() / 2) // so that each byte is moved once at most
    kept_.erase(0, std::exchange(taken_, 0));
  kept_.append(unread_.data(), unread_.size());
  unread_ = {};
}

long arrivals::take_bytes(std::span<char> buffer) noexcept {
  if (bytes() == 0)
    return std::exchange(end_, std::nullopt).value_or(0);
  const std::size_t of_kept = std::min(buffer.size(), kept_.size() - taken_);
  std::copy_n(kept_.data() + taken_, of_kept, buffer.data());
  taken_ += of_kept;
  const std::size_t of_unread = std::min(buffer.size() - of_kept, unread_.size());
  std::copy_n(unread_.data(), of_unread, buffer.data() + of_kept);
  unread_ = unread_.subspan(of_unread);
  return static_cast<long>(of_kept + of_unread);
}

int arrivals::take_connection() noexcept {
  const int fd = connections_.front();
  connections_.erase(connections_.begin());
  return fd;
}

} // namespace coroscope::detail
