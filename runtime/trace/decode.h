// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which events a block of bytes holds: the inverse of thread_writer.
//
//   block payload --block_decoder--> raw_event …, clock pairs, and where it went wrong if it did
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
  std::array<std::string, kind_limit> names;
  std::array<std::optional<std::string>, kind_limit> arguments;
};

/// Reads the table that follows the file's header; lines that make no sense are left out.
kind_table read_kinds(std::string_view text);

struct decode_problem {
  std::uint64_t offset = 0; ///< into the payload
  std::string reason;
};

/// Reads one block, whose payload may grow from call to call.
class block_decoder {
public:
  /// `kinds` must outlive it.
  block_decoder(format::clock_pair start, std::uint32_t thread, const kind_table &kinds)
      : start_(start), thread_(thread), kinds_(&kinds), tick_(start.tick) {}

  /// Appends the events that `payload` has beyond what was read before to `events`, ascending in time, and its clock
  /// records to `clocks`. What was read before must still be where it was.
  std::optional<decode_problem> decode(std::span<const std::byte> payload, std::vector<raw_event> &events,
                                       std::vector<format::clock_pair> &clocks);

private:
  struct frame_entry {
    std::uint64_t address = 0;
    std::uint32_t unit = 0;
    std::uint32_t coroutine = 0;
  };

  bool fail(const char *reason);
  bool read_byte(std::uint8_t &value);
  bool read_unsigned(std::uint64_t &value);
  bool read_small(std::uint32_t &value);
  bool read(raw_event &event);
  bool read_frame(format::frame_form form, raw_event &event);
  bool read_literal();
  bool read_arguments(const std::string &letters, raw_event &event);

  std::span<const std::byte> payload_;
  format::clock_pair start_;
  std::uint32_t thread_;
  const kind_table *kinds_;
  std::size_t at_ = 0;
  std::uint64_t tick_;
  std::uint64_t last_literal_ = 0;
  frame_entry last_frame_;
  std::array<frame_entry, format::frame_slots> frames_{};
  const char *reason_ = "";
};

} // namespace coroscope::trace
