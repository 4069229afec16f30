// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// IP addresses as text.
#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <coroscope/ip_address.h>
#include <net/if.h>

namespace coroscope {

namespace {

/// The index of an interface; 0 where there is none of that name or number.
std::uint32_t zone_of(const std::string &text) {
  if (const std::uint32_t index = ::if_nametoindex(text.c_str()))
    return index;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

} // namespace

ip_address ip_address::v4(std::array<std::uint8_t, 4> bytes) noexcept {
  ip_address address;
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
  return address;
}

ip_address ip_address::v6(std::array<std::uint8_t, 16> bytes, std::uint32_t zone) noexcept {
  ip_address address;
  address.bytes_ = bytes;
  address.is_v6_ = true;
  address.zone_ = zone;
  return address;
}

std::optional<ip_address> ip_address::parse(std::string_view text) {
  const std::size_t percent = text.find('%');
  const std::string terminated(text.substr(0, percent));
  std::array<std::uint8_t, 4> v4_bytes;
  std::array<std::uint8_t, 16> v6_bytes;
  if (terminated.size() != std::char_traits<char>::length(terminated.c_str()))
    return std::nullopt;
  const bool has_zone = percent != std::string_view::npos;
  const std::uint32_t zone = has_zone ? zone_of(std::string(text.substr(percent + 1))) : 0;
  if (has_zone && zone == 0)
    return std::nullopt;
  if (!has_zone && ::inet_pton(AF_INET, terminated.c_str(), v4_bytes.data()) == 1)
    return v4(v4_bytes);
  if (::inet_pton(AF_INET6, terminated.c_str(), v6_bytes.data()) == 1)
    return v6(v6_bytes, zone);
  return std::nullopt;
}

std::string ip_address::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(is_v6_ ? AF_INET6 : AF_INET, bytes_.data(), text.data(), text.size());
  if (zone_ == 0)
    return text.data();
  std::array<char, IF_NAMESIZE> name{};
  return text.data() + ('%' + (::if_indextoname(zone_, name.data()) ? name.data() : std::to_string(zone_)));
}

std::string ip_endpoint::to_string() const {
  const std::string host = address.is_v6() ? '[' + address.to_string() + ']' : address.to_string();
  return host + ':' + std::to_string(port);
}

} // namespace coroscope
