// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the strings, views, vectors and pointers of a frame have their contents.
//
//   frame + the pointers of its unit --for_each_pointee()--> tell(address, bytes) --> what those in there lead to …
#pragma once

#include "coroscope/trace.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace coroscope::trace {

inline constexpr std::size_t longest_text = 128;   ///< bytes of what a string or a vector leads to
inline constexpr std::size_t longest_object = 512; ///< bytes of what a pointer leads to

/// Bytes as they are at an address of the program.
struct stretch {
  const std::byte *bytes = nullptr;
  std::size_t size = 0;
  std::uint64_t address = 0;
};

struct pointee {
  std::uint64_t address = 0;
  std::uint64_t size = 0; ///< bytes that are wanted of it
};

inline std::uint64_t word_of(const std::byte *object, std::size_t number) noexcept {
  std::uint64_t value;
  std::memcpy(&value, object + number * sizeof value, sizeof value);
  return value;
}

/// What an object leads to that has these bytes and is at `address`.
inline pointee pointee_of(const std::byte *object, std::uint64_t address,
                          const coroscope_trace_pointer &pointer) noexcept {
  const std::uint64_t element = std::max(pointer.element, 1u);
  const auto text = [&](std::uint64_t at, std::uint64_t count) noexcept -> pointee {
    return {at, std::min<std::uint64_t>(count, longest_text / element) * element};
  };
  switch (pointer.kind) {
  case coroscope_trace_string:
    return word_of(object, 0) == address + 16 ? pointee{} : text(word_of(object, 0), word_of(object, 1));
  case coroscope_trace_view:
    return text(word_of(object, 1), word_of(object, 0));
  case coroscope_trace_vector:
    return text(word_of(object, 0), (word_of(object, 1) - word_of(object, 0)) / element);
  case coroscope_trace_span:
    return text(word_of(object, 0), word_of(object, 1));
  case coroscope_trace_c_string:
    return {word_of(object, 0), longest_text};
  case coroscope_trace_object:
    return {word_of(object, 0), std::min<std::uint64_t>(pointer.element, longest_object)};
  }
  return {};
}

/// Whether the object is among the bytes and has a value at the point.
inline bool is_there(const coroscope_trace_pointer &pointer, const stretch &in, std::uint32_t ordinal) noexcept {
  const bool is_one_word = pointer.kind == coroscope_trace_object || pointer.kind == coroscope_trace_c_string;
  const std::size_t needed = is_one_word ? 8 : 16;
  const std::uint64_t alive = std::uint64_t{pointer.alive[1]} << 32 | pointer.alive[0];
  if (ordinal / 64 != pointer.window || (alive >> ordinal % 64 & 1) == 0 || in.size < needed ||
      pointer.offset > in.size - needed)
    return false;
  if (pointer.has_flag == 0)
    return true;
  if (pointer.flag >= in.size)
    return false;
  const auto flag = static_cast<std::uint32_t>(in.bytes[pointer.flag]);
  return pointer.has_flag == 1 ? flag != 0 : flag == pointer.flag_value;
}

/// Calls `tell(pointee, room)` for what the pointers in `in` lead to, at most `left` times; it gives the bytes, which
/// it may put into `room`, and what the pointers in these lead to comes next.
template <class Tell>
void for_each_pointee(std::span<const coroscope_trace_pointer> pointers, const stretch &in, std::uint32_t ordinal,
                      unsigned &left, const Tell &tell) noexcept {
  std::size_t next;
  for (std::size_t i = 0; i < pointers.size(); i = next) {
    const coroscope_trace_pointer &pointer = pointers[i];
    for (next = i + 1; next < pointers.size() && pointers[next].depth > pointer.depth;)
      ++next;
    if (!is_there(pointer, in, ordinal))
      continue;
    const pointee what = pointee_of(in.bytes + pointer.offset, in.address + pointer.offset, pointer);
    if (what.address == 0 || what.size == 0)
      continue;
    if (left == 0)
      return;
    --left;
    std::byte room[longest_object];
    const stretch behind = tell(what, room);
    const auto deeper = pointers.subspan(i + 1, next - i - 1);
    for (std::size_t at = 0; !deeper.empty() && pointer.element != 0 && at + pointer.element <= behind.size;
         at += pointer.element)
      for_each_pointee(deeper, {behind.bytes + at, pointer.element, behind.address + at}, ordinal, left, tell);
  }
}

} // namespace coroscope::trace
