// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who made whom go on, and who waited for whom, as far as the order of the events and the bytes of frames tell.
//
//   recorded_run::events --await_finder--> recorded_event::by and resumer, recorded_run::awaits
#pragma once

#include "reader.h"

#include <map>
#include <unordered_map>

namespace coroscope::trace {

class await_finder {
public:
  /// The run's events may be taken away in between, all at once: events are counted from the first that there was.
  explicit await_finder(recorded_run &run) : run_(run) {}

  /// Takes the run's last event.
  void take_last();
  /// The await_suspend of the frame at the address has returned on the thread.
  void awaiter_returned(std::uint32_t thread, std::uint64_t address);
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

  /// A loop of a thread: whether it resumes what is resumed now, and what it resumed if a poll comes, events.
  struct loop_turn {
    std::uint32_t loops = 0; ///< that run, one in another
    bool is_after_poll = false;
    std::vector<std::uint64_t> resumed;
  };

  /// A frame whose await_suspend may not have returned.
  struct awaiter_call {
    std::uint32_t frame = 0;
    std::uint64_t begin = 0;             ///< event
    std::optional<std::uint32_t> caller; ///< the frame that ran below it
  };

  /// An event that some frame, or somebody else, made happen.
  struct deed {
    std::uint64_t event = 0;
    std::optional<suspension> ended; ///< that a resumption ended, where it waited for nobody known
  };

  void take_suspended(const recorded_event &event, frames_of_thread &running);
  void take_continued(recorded_event &event, frames_of_thread &running);
  void take_loop(const recorded_event &event);
  void find_outsider(recorded_event &event);
  void add_deed(std::uint32_t thread, const deed &one);
  void attribute(const deed &one, const awaiter_call &call);
  [[nodiscard]] const recorded_point *point_of(const suspension &one) const;
  [[nodiscard]] bool is_at_end(const suspension &one) const;
  [[nodiscard]] bool is_creator(std::uint32_t creator, std::uint32_t frame) const;
  [[nodiscard]] bool waits_for(std::uint32_t waiter, std::uint32_t awaited) const;
  void hand_over(std::uint32_t from, std::uint32_t to);
  void suggest_holder(const held_frame &held, std::uint32_t holder);
  void suggest(std::uint32_t waiter, std::uint32_t awaited, await_basis basis);
  void declare(const recorded_event &event);
  std::optional<suspension> go_on(std::uint32_t frame, std::optional<std::uint32_t> by);
  std::optional<suspension> end(std::uint32_t frame);
  void put(const suspension &one, std::optional<std::uint64_t> end);
  [[nodiscard]] std::uint64_t last() const { return first_ + run_.events.size() - 1; }

  recorded_run &run_;
  std::uint64_t first_ = 0;                                     ///< the number of the run's first event
  std::unordered_map<std::uint32_t, frames_of_thread> running_; ///< by thread
  std::unordered_map<std::uint32_t, loop_turn> turns_;          ///< by thread
  std::unordered_map<std::uint32_t, suspension> open_;          ///< by frame
  std::unordered_map<std::uint32_t, std::vector<suspension>> further_;
  std::unordered_map<std::uint32_t, std::uint32_t> creators_;             ///< by frame
  std::unordered_map<std::uint32_t, std::uint64_t> ended_;                ///< event, by frame
  std::map<std::pair<std::uint32_t, std::uint64_t>, awaiter_call> calls_; ///< by thread and address
  std::unordered_map<std::uint32_t, std::vector<deed>> deeds_;            ///< by thread
};

} // namespace coroscope::trace
