// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a request's target names: a scheme, a host, a port, a path.
#include <algorithm>
#include <charconv>
#include <coroscope/http.h>
#include <coroscope/ip_address.h>

namespace coroscope::http {

namespace {

bool is_alpha(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// A character of RFC 3986's reg-name, percent-encoding included.
bool is_host_character(char c) noexcept {
  return is_alpha(c) || is_digit(c) || std::string_view("-._~%!$&'()*+,;=").find(c) != std::string_view::npos;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return port;
}

/// What stands in brackets in front, an IPv6 address; `text` is left with what follows.
std::optional<std::string> take_bracketed(std::string_view &text) {
  const auto closing = text.find(']');
  if (closing == std::string_view::npos)
    return std::nullopt;
  const std::string_view host = text.substr(1, closing - 1);
  text.remove_prefix(closing + 1);
  const auto address = ip_address::parse(host);
  if (!address || !address->is_v6())
    return std::nullopt;
  return std::string(host);
}

std::optional<std::string> take_name(std::string_view &text) {
  const std::string_view host = text.substr(0, text.find(':'));
  text.remove_prefix(host.size());
  if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_character))
    return std::nullopt;
  return std::string(host);
}

} // namespace

std::optional<authority> split_authority(std::string_view text) {
  const auto host = text.starts_with('[') ? take_bracketed(text) : take_name(text);
  if (!host)
    return std::nullopt;
  if (text.empty() || text == ":")
    return authority{*host, std::nullopt};
  if (!text.starts_with(':'))
    return std::nullopt;
  const auto port = parse_port(text.substr(1));
  if (!port)
    return std::nullopt;
  return authority{*host, port};
}

std::optional<absolute_target> split_absolute_target(std::string_view target) {
  const auto colon = target.find("://");
  if (colon == std::string_view::npos || colon == 0 || !is_alpha(target.front()))
    return std::nullopt;
  absolute_target split;
  for (const char c : target.substr(0, colon)) {
    if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' && c != '.')
      return std::nullopt;
    split.scheme += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::string_view rest = target.substr(colon + 3);
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  split.authority = rest.substr(0, end);
  const std::string_view path =
      rest.substr(end, rest.find('#') == std::string_view::npos ? std::string_view::npos : rest.find('#') - end);
  split.path = path.starts_with('/') ? std::string(path) : '/' + std::string(path);
  if (split.authority.find('@') != std::string::npos || !split_authority(split.authority))
    return std::nullopt;
  return split;
}

} // namespace coroscope::http
