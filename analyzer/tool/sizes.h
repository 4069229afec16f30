// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sizes and percentages as people type them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace coroscope::tool {

/// "4096", "4K", "4KiB", "1M": K, M and G with or without "iB" or "B" stand for powers of 1024. Bytes.
std::optional<std::uint64_t> bytes_in(const std::string &text);

/// "10", "12.5", "10%": not negative.
std::optional<double> percent_in(const std::string &text);

} // namespace coroscope::tool
