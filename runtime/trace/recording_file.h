// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The file of a recording that is going on. The file itself is the buffer: a block is mapped shared and written in
// place, so what was committed is in the file whatever becomes of the process.
//
//   COROSCOPE_TRACE --open()--> header --take_block()--> mapped block --release()--> the file alone
//
// With a ring, blocks of events come from a fixed stretch behind the header, and the oldest that no thread has is used
// again:  [header] [slot slot slot …] [command] [table] …
#pragma once

#include "format.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace coroscope::trace {

class recording_file {
public:
  /// Makes the file and its header, all but the clock. Where another process records into it, FILE.PID is made instead.
  /// `ring` is in bytes, 0 for none. Returns 0 or an errno; then nothing else may be called.
  int open(const char *path, std::uint64_t ring, bool keeps_others) noexcept;

  /// What a forked child does first: the file is the parent's. Only open() may be called after it.
  void abandon() noexcept;

  [[nodiscard]] format::file_header &header() noexcept { return *header_; }
  [[nodiscard]] std::uint32_t unit() const noexcept { return unit_; }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  /// Maps a new block of at least `bytes`, header included and filled but for `committed`. Null when the file cannot
  /// grow: then errno says why. Lock-free.
  format::block_header *take_block(format::block_kind kind, std::uint64_t bytes, std::uint32_t owner,
                                   format::clock_pair start) noexcept;
  void release(format::block_header *block) noexcept;

  /// The bytes of a block of the ring; 0 without one. No block of events may be larger.
  [[nodiscard]] std::uint64_t slot_size() const noexcept { return slot_size_; }

  /// Cuts off what the block does not use, if it is the last one. No other thread may take a block meanwhile.
  void trim(format::block_header *block) noexcept;

private:
  static constexpr std::uint32_t most_slots = 1024;

  void divide(std::uint64_t ring) noexcept;
  format::block_header *take_slot(std::uint32_t owner, format::clock_pair start) noexcept;
  /// Gives the bytes room on the disk and zeros as their content.
  bool fill(std::uint64_t offset, std::uint64_t bytes) noexcept;
  format::block_header *map(std::uint64_t offset, std::uint64_t capacity) noexcept;
  void begin(format::block_header *block, const format::block_header &header) noexcept;
  [[nodiscard]] bool descriptor_is_ours() const noexcept;

  int descriptor_ = -1;
  std::uint32_t unit_ = 0;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
  std::atomic<std::uint64_t> end_{0};
  std::atomic<std::uint64_t> sequence_{0};
  std::uint64_t slot_size_ = 0;
  std::uint32_t slots_ = 0;
  std::atomic<std::uint64_t> next_slot_{0}; ///< counts on: from `slots_` on each slot was used before
  std::atomic<bool> slot_taken_[most_slots]{};
  format::file_header nowhere_{}; ///< the header where there is no file
  format::file_header *header_ = &nowhere_;
};

} // namespace coroscope::trace
