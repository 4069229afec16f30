// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Listening on a Unix socket, and removing its file afterwards.
#include "connection.h"
#include "socket.h"
#include <coroscope/unix_listener.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace coroscope {

unix_listener::unix_listener(std::shared_ptr<detail::descriptor> listening, const unix_address &local)
    : descriptor_(std::move(listening)), local_(local), file_(file_now()) {}

unix_listener &unix_listener::operator=(unix_listener &&other) noexcept {
  unix_listener taken(std::move(other));
  std::swap(descriptor_, taken.descriptor_);
  std::swap(local_, taken.local_);
  std::swap(file_, taken.file_);
  return *this;
}

unix_listener unix_listener::bind(const unix_address &local) {
  auto listening = std::make_shared<detail::descriptor>(detail::make_unix_socket());
  detail::bind_and_listen(*listening, detail::socket_address(local), local.to_string());
  return {std::move(listening), local};
}

task<unix_stream> unix_listener::accept() { co_return unix_stream(co_await detail::accept_connection(descriptor_)); }

unix_listener::file_id unix_listener::file_now() const noexcept {
  struct stat found{};
  if (local_.what() != unix_address::kind::path || ::lstat(local_.text().c_str(), &found) < 0)
    return {};
  return {found.st_dev, found.st_ino};
}

void unix_listener::close() noexcept {
  if (!descriptor_ || descriptor_->fd() < 0)
    return;
  if (file_ != file_id() && file_now() == file_)
    ::unlink(local_.text().c_str());
  descriptor_->close();
}

} // namespace coroscope
