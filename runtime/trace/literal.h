// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers and characters as C++ source would have them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace coroscope::trace {

/// Little-endian, of at most 8 bytes; 0 where they are not there.
std::uint64_t load(std::span<const std::byte> bytes, std::size_t offset, std::size_t size);

std::string hex(std::uint64_t value);
std::string integer_literal(std::span<const std::byte> bytes, bool is_signed, std::uint64_t value, unsigned bits);
std::string floating_literal(std::span<const std::byte> bytes, std::uint64_t value);

/// Of characters of `width` bytes: 1 for UTF-8, 2 for UTF-16, 4 for UTF-32. What is no character is told by its number.
/// A long text ends in "…".
std::string quoted(std::span<const std::byte> characters, std::size_t width = 1);
std::string character_literal(std::span<const std::byte> bytes);

/// A value of `bits` bits.
std::int64_t sign_extended(std::uint64_t value, unsigned bits);

} // namespace coroscope::trace
