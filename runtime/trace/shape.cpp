// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nothing here trusts a shape or a byte: both come from a file. Layouts of library classes are libstdc++'s.
#include "shape.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

namespace coroscope::trace {
namespace {

constexpr std::size_t longest_text = 200;  ///< of one string, or of the elements of one thing
constexpr std::size_t longest_value = 400; ///< of it all
constexpr unsigned deepest = 6;
constexpr unsigned most_parts = 1000;

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

std::string quoted(std::span<const std::byte> characters) {
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

class value_writer {
public:
  value_writer(const std::vector<recorded_shape> &shapes, const surroundings &around)
      : shapes_(shapes), around_(around) {}

  std::string operator()(std::uint32_t index, std::span<const std::byte> bytes, std::uint64_t address,
                         unsigned depth = 0) const {
    if (index >= shapes_.size())
      return "?";
    const recorded_shape &shape = shapes_[index];
    if (++visited_ > most_parts)
      return "…";
    if ((depth >= deepest && has_parts(shape)) || shape.size > bytes.size() || shape.kind == shape_kind::opaque)
      return "(" + std::to_string(shape.size) + " bytes)";
    if (shape.kind == shape_kind::unstored)
      return "(not stored)";
    bytes = bytes.first(shape.size);
    switch (shape.kind) {
    case shape_kind::array:
      return array(shape, bytes, address, depth);
    case shape_kind::record:
      return "{" + members(shape, bytes, address, depth) + "}";
    case shape_kind::optional:
      return optional(shape, bytes, address, depth);
    case shape_kind::string:
      return string(bytes, address);
    case shape_kind::string_view:
      return sized(load(bytes, 0, 8), load(bytes, 8, 8));
    case shape_kind::vector:
      return vector(shape, bytes, depth);
    case shape_kind::c_string:
      return c_string(load(bytes, 0, 8));
    case shape_kind::coroutine_handle:
      return handle(load(bytes, 0, 8));
    case shape_kind::pointer:
    case shape_kind::unique_ptr:
      return pointer(shape, load(bytes, 0, 8), depth);
    default:
      return number(shape, load(bytes, 0, shape.size), static_cast<unsigned>(shape.size * 8), bytes);
    }
  }

private:
  static bool has_parts(const recorded_shape &shape) {
    return shape.kind == shape_kind::array || shape.kind == shape_kind::record || shape.kind == shape_kind::optional ||
           shape.kind == shape_kind::vector;
  }

  static std::string address_text(std::uint64_t value) { return value == 0 ? "nullptr" : hex(value); }

  static std::string number(const recorded_shape &shape, std::uint64_t value, unsigned bits,
                            std::span<const std::byte> bytes) {
    switch (shape.kind) {
    case shape_kind::boolean:
      return value == 0 ? "false" : value == 1 ? "true" : "true (" + hex(value) + ")";
    case shape_kind::signed_integer:
    case shape_kind::unsigned_integer:
      return integer(shape, value, bits, bytes);
    case shape_kind::character:
      return "'" + escaped(static_cast<char>(value), '\'') + "'";
    case shape_kind::enumeration:
      return enumerator(shape, value, bits);
    case shape_kind::floating:
      return floating(value, bytes);
    default:
      return address_text(value);
    }
  }

  static std::string integer(const recorded_shape &shape, std::uint64_t value, unsigned bits,
                             std::span<const std::byte> bytes) {
    const bool is_signed = shape.kind == shape_kind::signed_integer;
    if (bits == 128)
      return wide_integer(bytes, is_signed);
    if (bits > 64)
      return "(" + std::to_string(shape.size) + " bytes)";
    return is_signed ? std::to_string(sign_extended(value, bits)) : std::to_string(value);
  }

  static std::string floating(std::uint64_t value, std::span<const std::byte> bytes) {
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

  static std::string enumerator(const recorded_shape &shape, std::uint64_t value, unsigned bits) {
    const std::int64_t wanted = sign_extended(value, bits);
    for (const auto &[number, name] : shape.enumerators)
      if (number == wanted || static_cast<std::uint64_t>(number) == value)
        return shape.name.empty() ? name : shape.name + "::" + name;
    return shape.name + "(" + std::to_string(wanted) + ")";
  }

  std::string array(const recorded_shape &shape, std::span<const std::byte> bytes, std::uint64_t address,
                    unsigned depth) const {
    if (!shape.element || *shape.element >= shapes_.size() || shapes_[*shape.element].size == 0)
      return "(" + std::to_string(shape.size) + " bytes)";
    const recorded_shape &element = shapes_[*shape.element];
    if (element.kind == shape_kind::character) {
      const auto end = std::ranges::find(bytes, std::byte{0});
      return quoted(bytes.first(static_cast<std::size_t>(end - bytes.begin())));
    }
    std::string text = "[";
    for (std::size_t at = 0; at + element.size <= bytes.size(); at += element.size) {
      if (text.size() > longest_text)
        return text + ", …]";
      text += (at == 0 ? "" : ", ") + (*this)(*shape.element, bytes.subspan(at), address + at, depth + 1);
    }
    return text + "]";
  }

  std::string members(const recorded_shape &shape, std::span<const std::byte> bytes, std::uint64_t address,
                      unsigned depth) const {
    std::string text;
    for (const recorded_shape_member &member : shape.members) {
      if (++visited_ > most_parts || text.size() > longest_text)
        return text + ", …";
      const std::string value = member_text(member, bytes, address, depth);
      if (!value.empty())
        text += (text.empty() ? "" : ", ") + (member.name.empty() ? "" : member.name + " = ") + value;
    }
    return text;
  }

  /// The members of a base class stand among those of the class.
  std::string member_text(const recorded_shape_member &member, std::span<const std::byte> bytes, std::uint64_t address,
                          unsigned depth) const {
    if (member.offset > bytes.size() || member.shape >= shapes_.size())
      return "?";
    const std::span<const std::byte> rest = bytes.subspan(member.offset);
    const recorded_shape &shape = shapes_[member.shape];
    if (member.bit_size != 0) {
      const std::uint64_t all = load(rest, 0, std::min<std::size_t>(rest.size(), 8)) >> (member.bit_offset & 7);
      const unsigned size = std::min(member.bit_size, 64u);
      return number(shape, size == 64 ? all : all & ((std::uint64_t{1} << size) - 1), size, rest);
    }
    if (member.name.empty() && shape.kind == shape_kind::record && depth + 1 < deepest)
      return shape.size <= rest.size() ? members(shape, rest.first(shape.size), address + member.offset, depth + 1)
                                       : "?";
    return (*this)(member.shape, rest, address + member.offset, depth + 1);
  }

  std::string optional(const recorded_shape &shape, std::span<const std::byte> bytes, std::uint64_t address,
                       unsigned depth) const {
    if (!shape.element || *shape.element >= shapes_.size())
      return "?";
    const std::uint64_t size = shapes_[*shape.element].size;
    return load(bytes, size, 1) == 0 ? "nullopt" : (*this)(*shape.element, bytes, address, depth + 1);
  }

  /// {pointer, length, 16 bytes for a short text}
  [[nodiscard]] std::string string(std::span<const std::byte> bytes, std::uint64_t address) const {
    const std::uint64_t data = load(bytes, 0, 8);
    const std::uint64_t length = load(bytes, 8, 8);
    if (bytes.size() == 32 && data == address + 16 && length < 16)
      return quoted(bytes.subspan(16, length));
    return sized(length, data);
  }

  [[nodiscard]] std::string handle(std::uint64_t address) const {
    const std::string name = address != 0 && around_.coroutine_at ? around_.coroutine_at(address) : "";
    if (!name.empty())
      return "→ " + name;
    return address == 0 ? "nullptr" : hex(address) + " (no recorded frame)";
  }

  /// Where it points to, and what is there.
  [[nodiscard]] std::string pointer(const recorded_shape &shape, std::uint64_t address, unsigned depth) const {
    const std::string place = address != 0 && around_.place_at ? around_.place_at(address) : "";
    std::string text = place.empty() ? address_text(address) : place;
    const std::uint64_t size = shape.element && *shape.element < shapes_.size() ? shapes_[*shape.element].size : 0;
    const std::span<const std::byte> known = memory_at(address);
    if (size == 0 || known.size() < size || depth >= deepest)
      return text;
    return text + " → " + (*this)(*shape.element, known, address, depth + 1);
  }

  /// What is known of the memory from `address` on.
  [[nodiscard]] std::span<const std::byte> memory_at(std::uint64_t address) const {
    std::span<const std::byte> most;
    for (const memory_piece &piece : around_.memory)
      if (address >= piece.address && address - piece.address < piece.bytes.size() &&
          piece.bytes.size() - (address - piece.address) > most.size())
        most = std::span(piece.bytes).subspan(address - piece.address);
    return most;
  }

  [[nodiscard]] std::string sized(std::uint64_t length, std::uint64_t data) const {
    const std::span<const std::byte> known = memory_at(data);
    if (length == 0)
      return "\"\"";
    if (known.empty())
      return std::to_string(length) + " characters at " + address_text(data);
    if (known.size() >= length)
      return quoted(known.first(length));
    return quoted(known) + "… (" + std::to_string(length) + " characters)";
  }

  [[nodiscard]] std::string c_string(std::uint64_t data) const {
    const std::span<const std::byte> known = memory_at(data);
    const auto end = std::ranges::find(known, std::byte{0});
    if (known.empty())
      return address_text(data);
    return quoted(known.first(static_cast<std::size_t>(end - known.begin()))) + (end == known.end() ? "…" : "");
  }

  /// {first, last, end of the memory}
  std::string vector(const recorded_shape &shape, std::span<const std::byte> bytes, unsigned depth) const {
    const std::uint64_t first = load(bytes, 0, 8);
    const std::uint64_t size = load(bytes, 8, 8) - first;
    const std::uint64_t element = shape.element && *shape.element < shapes_.size() ? shapes_[*shape.element].size : 0;
    if (element == 0)
      return std::to_string(size) + " bytes at " + address_text(first);
    std::string text = "size " + std::to_string(size / element) + ", capacity " +
                       std::to_string((load(bytes, 16, 8) - first) / element);
    const std::span<const std::byte> known = memory_at(first);
    if (size == 0 || known.size() < element)
      return text;
    text += ": [";
    std::uint64_t at = 0;
    for (; at < size && at + element <= known.size() && text.size() < longest_text; at += element)
      text += (at == 0 ? "" : ", ") + (*this)(*shape.element, known.subspan(at), first + at, depth + 1);
    return text + (at < size ? ", …]" : "]");
  }

  const std::vector<recorded_shape> &shapes_;
  const surroundings &around_;
  mutable unsigned visited_ = 0;
};

} // namespace

shape_kind shape_kind_of(std::string_view word) {
  constexpr std::array<std::string_view, 18> words = {
      "opaque",      "signed",  "unsigned", "floating",   "boolean",          "character",
      "enumeration", "pointer", "c_string", "array",      "record",           "string",
      "string_view", "vector",  "optional", "unique_ptr", "coroutine_handle", "unstored"};
  const auto known = std::ranges::find(words, word);
  return known == words.end() ? shape_kind::opaque : static_cast<shape_kind>(known - words.begin());
}

std::string value_text(const std::vector<recorded_shape> &shapes, std::uint32_t shape, std::span<const std::byte> bytes,
                       std::uint64_t address, const surroundings &around) {
  std::string text = value_writer(shapes, around)(shape, bytes, address);
  if (text.size() <= longest_value)
    return text;
  std::size_t end = longest_value;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) // within a character
    --end;
  return text.substr(0, end) + "…";
}

} // namespace coroscope::trace
