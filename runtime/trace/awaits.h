// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who made whom go on, and who waited for whom, as far as the order of the events and the bytes of frames tell.
//
//   recorded_run::events --await_finder--> recorded_event::by and resumer, recorded_run::awaits
#pragma once

#include "reader.h"

#include <unordered_map>

namespace coroscope::trace {

class await_finder {
public:
  /// The run's events may be taken away in between, all at once: events are counted from the first that there was.
  explicit await_finder(recorded_run &run) : run_(run) {}

  /// Takes the run's last event.
  void take_last();
  /// Puts the waits that began with one of the run's events into the run; those that last still have no end.
  void put_awaits();
  /// The run's events are taken away.
  void forget_events();

private:
  /// A frame that is suspended, and what it seems to wait for.
  struct suspension {
    std::uint32_t frame = 0;
    std::uint64_t begin = 0; ///< event
    std::uint32_t thread = 0;
    std::optional<std::uint32_t> point; ///< ordinal
    std::optional<std::uint32_t> awaited;
    await_basis basis = await_basis::resumed_by;
  };

  using frames_of_thread = std::vector<std::uint32_t>; ///< that run, the innermost last

  /// What was resumed since a loop's last poll, events; absent on a thread that has no loop.
  using turn = std::optional<std::vector<std::uint64_t>>;

  void take_poll(const recorded_event &event);
  void find_outsider(recorded_event &event);
  [[nodiscard]] const recorded_point *point_of(const suspension &one) const;
  void hand_over(std::uint32_t from, std::uint32_t to);
  void suggest(std::uint32_t waiter, std::uint32_t awaited, await_basis basis);
  void declare(const recorded_event &event);
  void end(std::uint32_t frame);
  void put(const suspension &one, std::optional<std::uint64_t> end);
  [[nodiscard]] std::uint64_t last() const { return first_ + run_.events.size() - 1; }

  recorded_run &run_;
  std::uint64_t first_ = 0;                                     ///< the number of the run's first event
  std::unordered_map<std::uint32_t, frames_of_thread> running_; ///< by thread
  std::unordered_map<std::uint32_t, turn> turns_;               ///< by thread
  std::unordered_map<std::uint32_t, suspension> open_;          ///< by frame
  std::unordered_map<std::uint32_t, std::vector<suspension>> further_;
};

} // namespace coroscope::trace
