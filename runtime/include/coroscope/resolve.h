// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// resolve: which addresses does a host have?
#pragma once

#include <coroscope/ip_address.h>
#include <coroscope/task.h>
#include <cstdint>
#include <string>
#include <vector>

namespace coroscope {

/// The addresses of `host`, a name or a numeric address, each with `port`, in the order in which the system would try
/// them; never none. A name is asked for on the thread pool;
/// a wait that is cancelled ends at once, and the thread goes on until the system has answered. Throws
/// std::system_error that names the host. asyncio: `getaddrinfo`.
task<std::vector<ip_endpoint>> resolve(std::string host, std::uint16_t port);

} // namespace coroscope
