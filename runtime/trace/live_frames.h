// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which frame is at an address at this moment of the run, and which of its variables.
//
//   events so far --begin(), end(), stands_at()--> frames by address --frame_at(), place_at()--> "fetch#3", "total of
//   main#1"
#pragma once

#include "reader.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace coroscope::trace {

class live_frames {
public:
  /// A frame that began: it stands at no point.
  void begin(std::uint64_t address, std::uint32_t frame);
  void end(std::uint64_t address);
  /// The frame at the address is suspended at the point; it runs if there is none.
  void stands_at(std::uint64_t address, std::optional<std::uint32_t> ordinal);

  [[nodiscard]] std::optional<std::uint32_t> at(std::uint64_t address) const;
  /// The frame that was at the address last and is there no more.
  [[nodiscard]] std::optional<std::uint32_t> last_at(std::uint64_t address) const;

  /// The frame that has the address among its bytes; the innermost, where an elided one is part of another.
  struct place {
    std::uint32_t frame = 0;
    std::uint64_t offset = 0;             ///< bytes
    std::optional<std::uint32_t> ordinal; ///< of the point that it stands at
  };
  [[nodiscard]] std::optional<place> around(std::uint64_t address, const recorded_run &run) const;

private:
  struct entry {
    std::uint32_t frame = 0;
    std::optional<std::uint32_t> ordinal;
  };

  std::unordered_map<std::uint64_t, entry> live_;
  std::set<std::uint64_t> addresses_; ///< of the live ones
  std::unordered_map<std::uint64_t, std::uint32_t> last_;
};

/// What is at the offset of a frame that stands at the point: "total", "p.rest[1]", "a temporary"; empty where it is
/// padding, of the coroutine itself, or one of several variables that share the bytes.
std::string variable_at(const recorded_coroutine &coroutine, std::uint64_t offset,
                        std::optional<std::uint32_t> ordinal);

/// What addresses are called at this moment. The first three must outlive it.
surroundings surroundings_now(const live_frames &live, const recorded_run &run, const frame_namer &name,
                              std::vector<memory_piece> memory);

} // namespace coroscope::trace
