// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What stands in the blocks of a recording, before anything is put in relation.
//
//   bytes --read_blocks()--> header, command, unit tables, events by thread, clock pairs
#pragma once

#include "decode.h"
#include "reader.h"
#include "table.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coroscope::trace {

/// What is damaged; after a hundred only counted.
class problem_list {
public:
  void add(std::uint64_t offset, std::string_view text);
  void add(std::string text);
  /// The problems, and the last one says how many were left out.
  [[nodiscard]] std::vector<std::string> take();

private:
  std::vector<std::string> texts_;
  std::size_t left_out_ = 0;
};

struct block_contents {
  format::file_header header{};
  kind_table kinds;
  std::vector<std::string> command;
  std::map<std::uint32_t, unit_table> units; ///< by unit number
  std::vector<recorded_thread> threads;
  std::vector<std::vector<raw_event>> events; ///< by block in the order they were taken, ascending tick
  std::vector<format::clock_pair> clocks;
  problem_list problems;
};

/// The threads of a recording, in the order in which they come up.
class thread_list {
public:
  /// Its index; the latest block of a thread gives its name.
  std::uint32_t index_of(const format::block_header &block, std::vector<recorded_thread> &threads);

private:
  std::map<std::uint32_t, std::uint32_t> index_; ///< by number
};

/// The header and the kinds of events, from the first bytes of a recording.
std::optional<read_error> read_header(std::span<const std::byte> bytes, format::file_header &header, kind_table &kinds);

/// Why there can be no such block; null if there can.
const char *mistake_in(const format::block_header &block, const format::file_header &header);

/// The arguments of the process, each ended by a NUL.
std::vector<std::string> read_command(std::span<const std::byte> payload);

/// An error only where the file's header is not that of a recording.
std::expected<block_contents, read_error> read_blocks(std::span<const std::byte> bytes);

} // namespace coroscope::trace
