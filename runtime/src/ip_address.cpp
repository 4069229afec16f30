// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// IP addresses as text.
#include <algorithm>
#include <arpa/inet.h>
#include <coroscope/ip_address.h>

namespace coroscope {

ip_address ip_address::v4(std::array<std::uint8_t, 4> bytes) noexcept {
  ip_address address;
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
  return address;
}

ip_address ip_address::v6(std::array<std::uint8_t, 16> bytes) noexcept {
  ip_address address;
  address.bytes_ = bytes;
  address.is_v6_ = true;
  return address;
}

std::optional<ip_address> ip_address::parse(std::string_view text) {
  const std::string terminated(text);
  std::array<std::uint8_t, 4> v4_bytes;
  std::array<std::uint8_t, 16> v6_bytes;
  if (terminated.size() != std::char_traits<char>::length(terminated.c_str()))
    return std::nullopt;
  if (::inet_pton(AF_INET, terminated.c_str(), v4_bytes.data()) == 1)
    return v4(v4_bytes);
  if (::inet_pton(AF_INET6, terminated.c_str(), v6_bytes.data()) == 1)
    return v6(v6_bytes);
  return std::nullopt;
}

std::string ip_address::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(is_v6_ ? AF_INET6 : AF_INET, bytes_.data(), text.data(), text.size());
  return text.data();
}

std::string ip_endpoint::to_string() const {
  const std::string host = address.is_v6() ? '[' + address.to_string() + ']' : address.to_string();
  return host + ':' + std::to_string(port);
}

} // namespace coroscope
