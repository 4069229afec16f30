// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a forked child needs of its parent's recording to make one of its own.
//
//   parent: COROSCOPE_TRACE, its file --fork()--> child: FILE.PID with the parent's clock and tables
#pragma once

#include "format.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace coroscope::trace {

class forked_child {
public:
  struct inherited {
    std::uint32_t pid = 0;
    std::uint64_t start_realtime = 0;
    format::clock_pair first{};
  };

  /// In the first process, once: children record beside this file.
  void remember(int descriptor) noexcept { path_of(descriptor, first_, sizeof first_); }

  /// In the child, right after the fork: what is given is still the parent's.
  void begin(const format::file_header &header, int descriptor) noexcept;

  [[nodiscard]] const inherited &parent() const noexcept { return parent_; }

  /// FILE.PID of this process. False where it does not fit.
  bool path(char *to, std::size_t size) const noexcept;

  /// Runs `make` in a process that was forked, in the first thread that comes here; others wait for it. One load where
  /// there is nothing to do.
  template <class Make> void once(Make make) noexcept {
    while (state_.load(std::memory_order_acquire) != state::none) {
      state expected = state::forked;
      if (!state_.compare_exchange_strong(expected, state::making))
        continue;
      make();
      state_.store(state::none, std::memory_order_release);
    }
  }

  /// Calls `use` with each table of the parent's recording.
  void for_each_table(void (*use)(std::uint32_t number, const void *table, std::uint64_t size)) const noexcept;

private:
  enum class state : std::uint8_t { none, forked, making };

  static void path_of(int descriptor, char *to, std::size_t size) noexcept;

  std::atomic<state> state_{state::none};
  inherited parent_;
  std::uint64_t tables_ = 0; ///< offset behind the ring of the parent's file
  std::uint32_t unit_ = 0;
  char first_[4096] = {};       ///< where the first process records
  char parent_file_[4096] = {}; ///< where the parent does
};

} // namespace coroscope::trace
