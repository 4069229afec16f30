// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/sizes.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

namespace coroscope::tool {

std::optional<std::uint64_t> bytes_in(const std::string &text) {
  std::uint64_t number = 0;
  const char *const end = text.data() + text.size();
  const auto [behind, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc())
    return std::nullopt;
  std::string_view unit(behind, static_cast<std::size_t>(end - behind));
  if (unit.empty() || unit == "B")
    return number;
  const std::size_t power = std::string_view("KMG").find(unit.front() == 'k' ? 'K' : unit.front());
  unit.remove_prefix(1);
  if (power == std::string_view::npos || (!unit.empty() && unit != "iB" && unit != "B"))
    return std::nullopt;
  const std::uint64_t factor = std::uint64_t{1} << (10 * (power + 1));
  return number > std::numeric_limits<std::uint64_t>::max() / factor ? std::nullopt : std::optional(number * factor);
}

std::optional<double> percent_in(const std::string &text) {
  double number = 0;
  const char *const end = text.data() + text.size() - (text.ends_with('%') ? 1 : 0);
  const auto [behind, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && behind == end && std::isfinite(number) && number >= 0 ? std::optional(number)
                                                                                       : std::nullopt;
}

} // namespace coroscope::tool
