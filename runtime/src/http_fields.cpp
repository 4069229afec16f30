// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fields of a head: looked up, changed, and written out again.
#include <algorithm>
#include <array>
#include <coroscope/http.h>

namespace coroscope::http {

namespace {

char to_lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char left, char right) { return to_lower(left) == to_lower(right); });
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The elements of a comma-separated list.
std::vector<std::string> elements(std::string_view list) {
  std::vector<std::string> found;
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (const auto element = trimmed(list.substr(0, comma)); !element.empty())
      found.emplace_back(element);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return found;
}

template <std::size_t N> bool is_one_of(std::string_view name, const std::array<std::string_view, N> &names) noexcept {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view candidate) { return equal_ignoring_case(name, candidate); });
}

std::string with_fields(std::string first_line, const field_list &fields) {
  std::string text = std::move(first_line);
  text += "\r\n";
  for (const field &each : fields.all())
    text += each.name + ": " + each.value + "\r\n";
  return text += "\r\n";
}

} // namespace

const std::string *field_list::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const field &each) { return equal_ignoring_case(each.name, name); });
  return found == all_.end() ? nullptr : &found->value;
}

std::size_t field_list::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(all_.begin(), all_.end(), [&](const field &each) { return equal_ignoring_case(each.name, name); }));
}

void field_list::erase(std::string_view name) {
  std::erase_if(all_, [&](const field &each) { return equal_ignoring_case(each.name, name); });
}

void field_list::set(std::string_view name, std::string value) {
  erase(name);
  add(std::string(name), std::move(value));
}

std::string request_head::to_string() const {
  return with_fields(method + ' ' + target + " HTTP/1." + std::to_string(minor_version), fields);
}

std::string response_head::to_string() const {
  return with_fields("HTTP/1." + std::to_string(minor_version) + ' ' + std::to_string(status) + ' ' + reason, fields);
}

std::string reason_phrase(int status) {
  switch (status) {
  case 200:
    return "OK";
  case 400:
    return "Bad Request";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 408:
    return "Request Timeout";
  case 413:
    return "Content Too Large";
  case 431:
    return "Request Header Fields Too Large";
  case 500:
    return "Internal Server Error";
  case 501:
    return "Not Implemented";
  case 502:
    return "Bad Gateway";
  case 503:
    return "Service Unavailable";
  case 504:
    return "Gateway Timeout";
  case 505:
    return "HTTP Version Not Supported";
  default:
    return {};
  }
}

void remove_hop_by_hop_fields(field_list &fields) {
  static constexpr std::array<std::string_view, 6> hop_by_hop{"Connection", "Proxy-Connection", "Keep-Alive",
                                                              "TE",         "Upgrade",          "Proxy-Authorization"};
  static constexpr std::array<std::string_view, 3> kept{"Host", "Content-Length", "Transfer-Encoding"};
  std::vector<std::string> named;
  for (const field &each : fields.all()) {
    if (equal_ignoring_case(each.name, "Connection"))
      for (std::string &option : elements(each.value))
        named.push_back(std::move(option));
  }
  for (const std::string_view name : hop_by_hop)
    fields.erase(name);
  for (const std::string &name : named) {
    if (!is_one_of(name, kept))
      fields.erase(name);
  }
}

} // namespace coroscope::http
