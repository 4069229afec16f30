// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// IP addresses, and an address with a port, as values.
//
//   "127.0.0.1", "::1", "fe80::1%eth0" -> ip_address::parse -> ip_address -> to_string
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coroscope {

/// An IPv4 or IPv6 address.
class ip_address {
public:
  /// The IPv4 address 0.0.0.0.
  ip_address() noexcept = default;

  static ip_address v4(std::array<std::uint8_t, 4> bytes) noexcept;
  /// `zone`: the index of the interface at which a link-local address is meant; 0 for others.
  static ip_address v6(std::array<std::uint8_t, 16> bytes, std::uint32_t zone = 0) noexcept;
  static ip_address loopback() noexcept { return v4({127, 0, 0, 1}); }

  /// The address that `text` spells numerically, IPv6 without brackets, its zone as a name or a number; nothing where
  /// it is no such address or this machine has no such interface.
  static std::optional<ip_address> parse(std::string_view text);

  bool is_v6() const noexcept { return is_v6_; }
  /// In network order: the first 4, or all 16.
  const std::array<std::uint8_t, 16> &bytes() const noexcept { return bytes_; }
  std::uint32_t zone() const noexcept { return zone_; }
  std::string to_string() const;

  friend bool operator==(const ip_address &, const ip_address &) = default;

private:
  std::array<std::uint8_t, 16> bytes_{};
  bool is_v6_ = false;
  std::uint32_t zone_ = 0;
};

/// One end of a connection.
struct ip_endpoint {
  ip_address address;
  std::uint16_t port = 0;

  /// As in "127.0.0.1:80" and "[::1]:80".
  std::string to_string() const;

  friend bool operator==(const ip_endpoint &, const ip_endpoint &) = default;
};

} // namespace coroscope
