// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the frames of a run hold as time goes on.
//
//   frame_bytes of a block + what the block said before --> image --> recorded_bytes { what changed, values }
#pragma once

#include "decode.h"
#include "reader.h"

#include <map>
#include <unordered_map>

namespace coroscope::trace {

class frame_reader {
public:
  /// The frame's bytes by a `frame_bytes` event of block number `block`. Nothing if they make no sense.
  std::optional<std::vector<std::byte>> image_of(const raw_event &event, std::size_t block);
  void forget_block(std::size_t block);

  /// What `image`, of the frame number `frame`, changes of what was known, at an event with this point's ordinal;
  /// `around` tells what its variables point to.
  recorded_bytes changes(std::uint32_t frame, std::uint64_t address, const recorded_coroutine &coroutine,
                         std::vector<std::byte> image, const surroundings &around, std::uint32_t ordinal);
  void forget_frame(std::uint32_t frame);

private:
  struct frame_state {
    std::vector<std::byte> image;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::optional<std::string>> values; ///< by field and resident
  };

  std::unordered_map<std::size_t, std::unordered_map<std::uint64_t, std::vector<std::byte>>> said_; ///< block, address
  std::unordered_map<std::uint32_t, frame_state> frames_;
};

} // namespace coroscope::trace
