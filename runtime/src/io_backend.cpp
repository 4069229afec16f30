// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Back ends by name.
#include <array>
#include <coroscope/io_backend.h>
#include <cstddef>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace coroscope {

namespace {

constexpr std::array<std::string_view, 4> names = {"select", "poll", "epoll", "io_uring"};

} // namespace

std::string_view name_of(io_backend which) noexcept { return names[static_cast<std::size_t>(which)]; }

io_backend default_backend() {
  const char *const value = std::getenv("COROSCOPE_BACKEND");
  const std::string_view asked = value ? value : "";
  if (asked.empty())
    return io_backend::epoll;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == asked)
      return static_cast<io_backend>(i);
  throw std::invalid_argument("coroscope: the environment variable COROSCOPE_BACKEND is '" + std::string(asked) +
                              "'; it must be select, poll, epoll or io_uring");
}

} // namespace coroscope
