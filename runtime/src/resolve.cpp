// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A numeric address is no question; a name is one for the system's resolver, which blocks.
#include "socket.h"
#include <coroscope/resolve.h>
#include <coroscope/to_thread.h>

namespace coroscope {

task<std::vector<ip_endpoint>> resolve(std::string host, std::uint16_t port) {
  if (const auto numeric = ip_address::parse(host))
    co_return std::vector<ip_endpoint>{{*numeric, port}};
  co_return co_await to_thread([&] { return detail::resolve_and_block(host, port); });
}

} // namespace coroscope
