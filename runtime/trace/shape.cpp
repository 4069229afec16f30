// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nothing here trusts a shape or a byte: both come from a file. Layouts of library classes are libstdc++'s.
#include "shape.h"

#include "literal.h"

#include <algorithm>

namespace coroscope::trace {
namespace {

constexpr std::size_t longest_text = 200;  ///< of the elements of one thing
constexpr std::size_t longest_value = 400; ///< of it all
constexpr unsigned deepest = 6;
constexpr unsigned most_parts = 1000;

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
      return "{" + members(shape, bytes, address, depth, ", ") + "}";
    case shape_kind::union_of:
      return "{" + members(shape, bytes, address, depth, " or ") + "}";
    case shape_kind::variant:
      return variant(shape, bytes, address, depth);
    case shape_kind::container:
      return "size " + std::to_string(load(bytes, shape.count, 8));
    case shape_kind::deque:
      return deque(shape, bytes);
    case shape_kind::vector_of_bool: // from {word, bit} to {word, bit}
      return "size " +
             std::to_string((load(bytes, 16, 8) - load(bytes, 0, 8)) * 8 + load(bytes, 24, 4) - load(bytes, 8, 4));
    case shape_kind::function:
      return load(bytes, shape.count, 8) == 0 ? "empty" : "holds a function";
    case shape_kind::optional:
      return optional(shape, bytes, address, depth);
    case shape_kind::string:
      return string(shape, bytes, address);
    case shape_kind::string_view:
      return sized(load(bytes, 0, 8), load(bytes, 8, 8), width_of(shape));
    case shape_kind::vector:
      return vector(shape, bytes, depth);
    case shape_kind::span:
      return span(shape, bytes, depth);
    case shape_kind::c_string:
      return c_string(load(bytes, 0, 8));
    case shape_kind::coroutine_handle:
      return handle(load(bytes, 0, 8));
    case shape_kind::pointer:
    case shape_kind::unique_ptr:
    case shape_kind::shared_ptr:
      return pointer(shape, load(bytes, 0, 8), depth);
    default:
      return number(shape, load(bytes, 0, shape.size), static_cast<unsigned>(shape.size * 8), bytes);
    }
  }

private:
  static bool has_parts(const recorded_shape &shape) {
    using enum shape_kind;
    return shape.kind == array || shape.kind == record || shape.kind == union_of || shape.kind == optional ||
           shape.kind == variant || shape.kind == vector || shape.kind == span;
  }

  /// Of the element, bytes; 0 where it is not known.
  [[nodiscard]] std::uint64_t element_size(const recorded_shape &shape) const {
    return shape.element && *shape.element < shapes_.size() ? shapes_[*shape.element].size : 0;
  }

  /// Of a character of a text.
  [[nodiscard]] std::uint64_t width_of(const recorded_shape &shape) const {
    const std::uint64_t width = element_size(shape);
    return width == 2 || width == 4 ? width : 1;
  }

  static std::string address_text(std::uint64_t value) { return value == 0 ? "nullptr" : hex(value); }

  static std::string number(const recorded_shape &shape, std::uint64_t value, unsigned bits,
                            std::span<const std::byte> bytes) {
    switch (shape.kind) {
    case shape_kind::boolean:
      return value == 0 ? "false" : value == 1 ? "true" : "true (" + hex(value) + ")";
    case shape_kind::signed_integer:
    case shape_kind::unsigned_integer:
      return integer_literal(bytes, shape.kind == shape_kind::signed_integer, value, bits);
    case shape_kind::character:
      return character_literal(bytes);
    case shape_kind::enumeration:
      return enumerator(shape, value, bits);
    case shape_kind::floating:
      return floating_literal(bytes, value);
    default:
      return address_text(value);
    }
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
      std::size_t end = 0;
      while (end + element.size <= bytes.size() && load(bytes, end, element.size) != 0)
        end += element.size;
      return quoted(bytes.first(end), width_of(shape));
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
                      unsigned depth, const char *separator) const {
    std::string text;
    for (const recorded_shape_member &member : shape.members) {
      if (++visited_ > most_parts || text.size() > longest_text)
        return text + ", …";
      const std::string value = member_text(member, bytes, address, depth);
      if (!value.empty())
        text += (text.empty() ? "" : separator) + (member.name.empty() ? "" : member.name + " = ") + value;
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
      return shape.size <= rest.size()
                 ? members(shape, rest.first(shape.size), address + member.offset, depth + 1, ", ")
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

  /// The name of the alternative's type, and its value.
  std::string variant(const recorded_shape &shape, std::span<const std::byte> bytes, std::uint64_t address,
                      unsigned depth) const {
    const std::uint64_t index = load(bytes, shape.count, 1);
    if (index >= shape.members.size())
      return "valueless";
    const recorded_shape_member &alternative = shape.members[index];
    return alternative.name + ": " + (*this)(alternative.shape, bytes, address, depth + 1);
  }

  /// {pointer, length, 16 bytes for a short text}
  [[nodiscard]] std::string string(const recorded_shape &shape, std::span<const std::byte> bytes,
                                   std::uint64_t address) const {
    const std::uint64_t width = width_of(shape);
    const std::uint64_t data = load(bytes, 0, 8);
    const std::uint64_t length = load(bytes, 8, 8);
    if (bytes.size() == 32 && data == address + 16 && length < 16 / width)
      return quoted(bytes.subspan(16, length * width), width);
    return sized(length, data, width);
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
    const std::uint64_t size = element_size(shape);
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

  [[nodiscard]] std::string sized(std::uint64_t length, std::uint64_t data, std::uint64_t width) const {
    const std::span<const std::byte> known = memory_at(data);
    if (length == 0)
      return "\"\"";
    if (known.empty())
      return std::to_string(length) + " characters at " + address_text(data);
    if (known.size() / width >= length)
      return quoted(known.first(length * width), width);
    return quoted(known, width) + "… (" + std::to_string(length) + " characters)";
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
    const std::uint64_t element = element_size(shape);
    if (element == 0)
      return std::to_string(size) + " bytes at " + address_text(first);
    return "size " + std::to_string(size / element) + ", capacity " +
           std::to_string((load(bytes, 16, 8) - first) / element) + elements(shape, first, size / element, depth);
  }

  /// {array of chunks, its size, begin, end}, both of which are {element, first of the chunk, its end, chunk}
  [[nodiscard]] std::string deque(const recorded_shape &shape, std::span<const std::byte> bytes) const {
    const auto word = [&](std::size_t number) { return load(bytes, number * 8, 8); };
    const std::uint64_t element = element_size(shape);
    if (element == 0 || word(5) == 0)
      return "(" + std::to_string(shape.size) + " bytes)";
    const std::uint64_t chunk = word(4) - word(3);
    const std::uint64_t before_last = ((word(9) - word(5)) / 8 - 1) * chunk;
    return "size " + std::to_string((before_last + (word(6) - word(7)) + (word(4) - word(2))) / element);
  }

  /// {pointer, length}, or {pointer} where the type tells the length
  std::string span(const recorded_shape &shape, std::span<const std::byte> bytes, unsigned depth) const {
    const std::uint64_t count = shape.size >= 16 ? load(bytes, 8, 8) : shape.count;
    return "size " + std::to_string(count) + elements(shape, load(bytes, 0, 8), count, depth);
  }

  /// ": [1, 2]" of what is known of them; nothing where that is not one.
  std::string elements(const recorded_shape &shape, std::uint64_t first, std::uint64_t count, unsigned depth) const {
    const std::span<const std::byte> known = memory_at(first);
    const std::uint64_t element = element_size(shape);
    const std::uint64_t there = element == 0 ? 0 : std::min(count, known.size() / element);
    if (there == 0)
      return "";
    std::string text = ": [";
    std::uint64_t i = 0;
    for (; i < there && text.size() < longest_text; ++i)
      text +=
          (i == 0 ? "" : ", ") + (*this)(*shape.element, known.subspan(i * element), first + i * element, depth + 1);
    return text + (i < count ? ", …]" : "]");
  }

  const std::vector<recorded_shape> &shapes_;
  const surroundings &around_;
  mutable unsigned visited_ = 0;
};

} // namespace

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
