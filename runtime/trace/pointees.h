// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the strings, views, vectors and pointers of a frame have their contents.
//
//   frame + the pointers of its unit --for_each_pointer()--> visit(pointer) --pointee_of()--> address, bytes
#pragma once

#include "coroscope/trace.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace coroscope::trace {

struct pointee {
  std::uint64_t address = 0;
  std::uint64_t size = 0; ///< bytes; UINT64_MAX: up to a NUL
};

inline std::uint64_t word_of(const std::byte *object, std::size_t number) noexcept {
  std::uint64_t value;
  std::memcpy(&value, object + number * sizeof value, sizeof value);
  return value;
}

/// Longest object that pointee_of reads.
inline constexpr std::size_t longest_leading = 32;

/// What an object leads to that has these bytes and is at `address`: a std::string is {pointer, length, …}, a view
/// {length, pointer}, a vector {first, last, …}, as libstdc++ has them.
inline pointee pointee_of(const std::byte *object, std::uint64_t address, std::uint32_t kind) noexcept {
  switch (kind & 0xff) {
  case 1: // a short text is in the string itself
    return word_of(object, 0) == address + 16 ? pointee{} : pointee{word_of(object, 0), word_of(object, 1)};
  case 2:
    return {word_of(object, 1), word_of(object, 0)};
  case 3:
    return {word_of(object, 0), word_of(object, 1) - word_of(object, 0)};
  case 4:
    return {word_of(object, 0), word_of(object, 0) == 0 ? 0 : UINT64_MAX};
  default:
    return {};
  }
}

/// Visits, of the pointers of coroutine number `coroutine`, of whose frame `size` bytes are looked at, those that have
/// a value at the point.
template <class Visit>
void for_each_pointer(const std::byte *frame, std::size_t size, const coroscope_trace_module &unit,
                      std::uint32_t coroutine, std::uint32_t ordinal, Visit visit) noexcept {
  if (unit.first_pointer == nullptr)
    return;
  for (std::uint32_t i = unit.first_pointer[coroutine]; i < unit.first_pointer[coroutine + 1]; ++i) {
    const coroscope_trace_pointer &pointer = unit.pointers[i];
    const std::uint64_t alive = std::uint64_t{pointer.alive[1]} << 32 | pointer.alive[0];
    const std::uint32_t window = pointer.kind >> coroscope_trace_window_shift & (coroscope_trace_windows - 1);
    if (ordinal / 64 != window || (alive >> ordinal % 64 & 1) == 0 || pointer.offset >= size || pointer.flag > size)
      continue;
    if (pointer.flag == 0 || frame[pointer.flag - 1] != std::byte{0})
      visit(pointer);
  }
}

} // namespace coroscope::trace
