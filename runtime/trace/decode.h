// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which events a block of bytes holds: the inverse of thread_writer.
//
//   block payload --decode_events()--> raw_event …, clock pairs, and where it went wrong if it did
#pragma once

#include "format.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace coroscope::trace {

struct raw_event {
  std::uint64_t tick = 0;
  std::uint64_t address = 0; ///< of the frame; 0: none
  std::uint32_t unit = 0;    ///< 0: the coroutine is not known
  std::uint32_t coroutine = 0;
  std::span<const std::byte> bytes; ///< of an argument f, in the payload
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint32_t thread = 0;
  std::uint32_t point = 0;
  bool has_point = false;
  bool a_is_address = false;
  std::uint8_t kind = 0;
};

/// Names and argument letters of the event kinds, as the file gives them.
struct kind_table {
  std::array<std::string, format::kind_limit> names;
  std::array<std::optional<std::string>, format::kind_limit> arguments;
};

/// Reads the table that follows the file's header; lines that make no sense are left out.
kind_table read_kinds(std::string_view text);

struct decode_problem {
  std::uint64_t offset = 0; ///< into the payload
  std::string reason;
};

/// Appends the events of one block to `events`, ascending in time, and its clock records to `clocks`.
std::optional<decode_problem> decode_events(std::span<const std::byte> payload, format::clock_pair start,
                                            std::uint32_t thread, const kind_table &kinds,
                                            std::vector<raw_event> &events, std::vector<format::clock_pair> &clocks);

} // namespace coroscope::trace
