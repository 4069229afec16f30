// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "literal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

namespace coroscope::trace {
namespace {

constexpr std::size_t longest_text = 200; ///< bytes

template <class Number> std::string shortest(Number value) {
  std::array<char, 64> digits;
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return result.ec == std::errc{} ? std::string(digits.data(), result.ptr) : "?";
}

std::string escaped(char character, char quote) {
  switch (character) {
  case '\n':
    return "\\n";
  case '\t':
    return "\\t";
  case '\r':
    return "\\r";
  case '\0':
    return "\\0";
  default:
    break;
  }
  if (character == quote || character == '\\')
    return {'\\', character};
  const auto code = static_cast<unsigned char>(character);
  if (code >= 0x20 && code < 0x7f)
    return {character};
  constexpr const char *digits = "0123456789abcdef";
  return {'\\', 'x', digits[code >> 4], digits[code & 15]};
}

/// Bytes of the character in UTF-8 that `bytes` begin with; 0 where they begin with none, or with an ASCII or a control
/// character.
std::size_t utf8_length(std::span<const std::byte> bytes) {
  const auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned>(bytes[i]) : 0; };
  const unsigned first = at(0);
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const unsigned lowest = first == 0xc2 ? 0xa0 : first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const unsigned highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (first < 0xc2 || first > 0xf4 || at(1) < lowest || at(1) > highest)
    return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((at(i) & 0xc0) != 0x80)
      return 0;
  return length;
}

/// Of 16 bytes.
std::string wide_integer(std::span<const std::byte> bytes, bool is_signed) {
  __extension__ using wide = unsigned __int128;
  wide value = static_cast<wide>(load(bytes, 8, 8)) << 64 | load(bytes, 0, 8);
  const bool is_negative = is_signed && value >> 127 != 0;
  if (is_negative)
    value = 0 - value;
  std::string digits;
  for (; value != 0 || digits.empty(); value /= 10)
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
  return (is_negative ? "-" : "") + digits;
}

void append_utf8(std::string &text, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (code < 0x80)
    return put(code);
  if (code < 0x800) {
    put(0xc0 | code >> 6);
  } else {
    if (code < 0x10000) {
      put(0xe0 | code >> 12);
    } else {
      put(0xf0 | code >> 18);
      put(0x80 | (code >> 12 & 0x3f));
    }
    put(0x80 | (code >> 6 & 0x3f));
  }
  put(0x80 | (code & 0x3f));
}

/// Of UTF-16 or UTF-32. U+FFFD stands for what is no character.
std::string to_utf8(std::span<const std::byte> characters, std::size_t width) {
  std::string text;
  for (std::size_t at = 0; at + width <= characters.size() && text.size() <= longest_text; at += width) {
    auto code = static_cast<std::uint32_t>(load(characters, at, width));
    const auto low = static_cast<std::uint32_t>(load(characters, at + width, width));
    if (width == 2 && code >> 10 == 0x36 && low >> 10 == 0x37) {
      code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
      at += width;
    }
    append_utf8(text, code > 0x10ffff || code >> 11 == 0x1b ? 0xfffd : code);
  }
  return text;
}

} // namespace

std::uint64_t load(std::span<const std::byte> bytes, std::size_t offset, std::size_t size) {
  std::uint64_t value = 0;
  if (offset <= bytes.size() && size <= bytes.size() - offset)
    std::memcpy(&value, bytes.data() + offset, std::min<std::size_t>(size, sizeof value));
  return value;
}

std::int64_t sign_extended(std::uint64_t value, unsigned bits) {
  const unsigned rest = 64 - std::clamp(bits, 1u, 64u);
  return static_cast<std::int64_t>(value << rest) >> rest;
}

std::string hex(std::uint64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  return "0x" + std::string(digits.data(), end);
}

std::string quoted(std::span<const std::byte> characters, std::size_t width) {
  if (width > 1) {
    const std::string text = to_utf8(characters, width);
    return quoted(std::as_bytes(std::span(text)));
  }
  std::string text = "\"";
  while (!characters.empty()) {
    if (text.size() >= longest_text)
      return text + "\"…";
    const std::size_t length = utf8_length(characters);
    if (length == 0)
      text += escaped(static_cast<char>(characters.front()), '"');
    else
      text.append(reinterpret_cast<const char *>(characters.data()), length);
    characters = characters.subspan(std::max<std::size_t>(length, 1));
  }
  return text + "\"";
}

std::string character_literal(std::span<const std::byte> bytes) {
  const std::string text =
      bytes.size() == 1 ? std::string(1, static_cast<char>(bytes[0])) : to_utf8(bytes, bytes.size());
  return text.size() == 1 ? "'" + escaped(text[0], '\'') + "'" : "'" + text + "'";
}

std::string integer_literal(std::span<const std::byte> bytes, bool is_signed, std::uint64_t value, unsigned bits) {
  if (bits == 128)
    return wide_integer(bytes, is_signed);
  if (bits > 64)
    return "(" + std::to_string(bytes.size()) + " bytes)";
  return is_signed ? std::to_string(sign_extended(value, bits)) : std::to_string(value);
}

std::string floating_literal(std::span<const std::byte> bytes, std::uint64_t value) {
  if (bytes.size() == 4)
    return shortest(std::bit_cast<float>(static_cast<std::uint32_t>(value)));
  if (bytes.size() == 8)
    return shortest(std::bit_cast<double>(value));
  if (bytes.size() != sizeof(long double))
    return "(" + std::to_string(bytes.size()) + " bytes)";
  long double wide;
  std::memcpy(&wide, bytes.data(), sizeof wide);
  return shortest(wide);
}

} // namespace coroscope::trace
