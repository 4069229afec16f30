// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The file of a recording that is going on. The file itself is the buffer: a block is mapped shared and written in
// place, so what was committed is in the file whatever becomes of the process.
//
//   COROSCOPE_TRACE --open()--> header --take_block()--> mapped block --release()--> the file alone
#pragma once

#include "format.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace coroscope::trace {

class recording_file {
public:
  /// Makes the file and its header, all but the clock. Returns 0 or an errno; then nothing else may be called.
  int open(const char *path) noexcept;

  [[nodiscard]] format::file_header &header() noexcept { return *header_; }
  [[nodiscard]] std::uint32_t unit() const noexcept { return unit_; }

  /// Maps a new block of at least `bytes`, header included and filled but for `committed`. Null when the file cannot
  /// grow: then errno says why. Lock-free.
  format::block_header *take_block(format::block_kind kind, std::uint64_t bytes, std::uint32_t owner,
                                   format::clock_pair start) noexcept;
  void release(format::block_header *block) noexcept;

  /// Cuts off what the block does not use, if it is the last one. No other thread may take a block meanwhile.
  void trim(format::block_header *block) noexcept;

  /// What a forked child does: the file is the parent's.
  void abandon() noexcept;

private:
  bool reserve(std::uint64_t offset, std::uint64_t bytes) noexcept;
  [[nodiscard]] bool descriptor_is_ours() const noexcept;

  int descriptor_ = -1;
  std::uint32_t unit_ = 0;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
  std::atomic<std::uint64_t> end_{0};
  format::file_header *header_ = nullptr;
};

} // namespace coroscope::trace
