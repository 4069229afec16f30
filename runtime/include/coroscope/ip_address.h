// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// IP addresses, and an address with a port, as values.
//
//   "127.0.0.1", "::1" -> ip_address::parse -> ip_address -> to_string
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
  static ip_address v6(std::array<std::uint8_t, 16> bytes) noexcept;
  static ip_address loopback() noexcept { return v4({127, 0, 0, 1}); }

  /// The address that `text` spells numerically, IPv6 without brackets; nothing where it is no such address.
  static std::optional<ip_address> parse(std::string_view text);

  bool is_v6() const noexcept { return is_v6_; }
  /// In network order: the first 4, or all 16.
  const std::array<std::uint8_t, 16> &bytes() const noexcept { return bytes_; }
  std::string to_string() const;

  friend bool operator==(const ip_address &, const ip_address &) = default;

private:
  std::array<std::uint8_t, 16> bytes_{};
  bool is_v6_ = false;
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
