// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the bytes of a variable become text.
//
//   shape + bytes --value_text()--> "42", "{x = 1, y = 2}", "\"hello\"", "size 3, capacity 4",
//                                "→ fetch#3", "&total of main#1 → 42"
#pragma once

#include "shape_kind.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroscope::trace {

struct recorded_shape_member {
  std::string name;             ///< empty for a base class
  std::uint64_t offset = 0;     ///< bytes
  std::uint32_t shape = 0;      ///< index of the member's own shape
  std::uint32_t bit_offset = 0; ///< of a bit-field, from `offset` on
  std::uint32_t bit_size = 0;   ///< 0: no bit-field
  bool operator==(const recorded_shape_member &) const = default;
};

struct recorded_shape {
  shape_kind kind = shape_kind::opaque;
  std::string name;
  std::uint64_t size = 0;               ///< bytes
  std::optional<std::uint32_t> element; ///< of an array, a vector, an optional; what a pointer points to
  std::uint64_t count = 0;              ///< elements of an array; offset of a variant's index, of a container's size,
                                        ///< of what a function has where it is not empty
  std::vector<recorded_shape_member> members;
  std::vector<std::pair<std::int64_t, std::string>> enumerators;
  bool operator==(const recorded_shape &) const = default;
};

/// Bytes that a variable points to, as they were at the same moment; perhaps not all of them.
struct memory_piece {
  std::uint64_t address = 0;
  std::vector<std::byte> bytes;
};

/// What is known of addresses at the moment. The names are empty for an address of which nothing is known.
struct surroundings {
  std::vector<memory_piece> memory;
  std::function<std::string(std::uint64_t)> coroutine_at; ///< "fetch#3": whose handle the address is
  std::function<std::string(std::uint64_t)> place_at;     ///< "&total of main#1"
};

/// The value of shape number `shape` that `bytes` begin with, where `bytes` were at `address`. Never more than about
/// 400 characters. Where bytes are missing or the shape is opaque, their number stands for them.
std::string value_text(const std::vector<recorded_shape> &shapes, std::uint32_t shape, std::span<const std::byte> bytes,
                       std::uint64_t address, const surroundings &around = {});

} // namespace coroscope::trace
