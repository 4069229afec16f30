// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which texts can be addresses of Unix sockets.
#include "socket.h"
#include <cerrno>
#include <coroscope/unix_address.h>

namespace coroscope {

namespace {

/// As long as with a zero byte behind a path, or in front of a name, it still fits.
void require_fits(const std::string &text) {
  if (text.size() >= sizeof(sockaddr_un::sun_path))
    detail::throw_system_error(ENAMETOOLONG, "the address of a Unix socket has at most 107 bytes, '" + text + "' has " +
                                                 std::to_string(text.size()));
}

} // namespace

unix_address unix_address::path(std::string path) {
  if (path.empty() || path.find('\0') != std::string::npos)
    detail::throw_system_error(EINVAL, "the path of a Unix socket is empty or holds a zero byte");
  require_fits(path);
  return {kind::path, std::move(path)};
}

unix_address unix_address::abstract(std::string name) {
  require_fits(name);
  return {kind::abstract, std::move(name)};
}

std::string unix_address::to_string() const {
  if (what_ == kind::unnamed)
    return "an unnamed Unix socket";
  return what_ == kind::path ? text_ : '@' + text_;
}

} // namespace coroscope
