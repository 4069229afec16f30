// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each thread has a stack of frames that run: what is created or resumed while a frame is on top was created or resumed
// by it. A frame that a suspended one handed the thread to, which the recorder saw, is what it waits for.
#include "awaits.h"

#include <algorithm>
#include <unordered_map>

namespace coroscope::trace {
namespace {

class await_finder {
public:
  explicit await_finder(recorded_run &run) : run_(run) {}

  void find() {
    for (std::uint32_t i = 0; i < run_.events.size(); ++i)
      take(i);
    for (const auto &[frame, open] : open_)
      close(open, std::nullopt);
    for (const auto &[frame, more] : further_)
      for (const suspension &one : more)
        close(one, std::nullopt);
    std::ranges::sort(run_.awaits, {}, [](const recorded_await &one) { return std::pair(one.begin, one.awaited); });
  }

private:
  /// A frame that is suspended, and what it seems to wait for.
  struct suspension {
    std::uint32_t frame = 0;
    std::uint32_t begin = 0; ///< event
    std::optional<std::uint32_t> awaited;
    await_basis basis = await_basis::resumed_by;
  };

  using frames_of_thread = std::vector<std::uint32_t>; ///< that run, the innermost last

  /// What was resumed since a loop's last poll, events; absent on a thread that has no loop.
  using turn = std::optional<std::vector<std::uint32_t>>;

  void take(std::uint32_t index) {
    recorded_event &event = run_.events[index];
    frames_of_thread &running = running_[event.thread];
    take_poll(event);
    if (!event.frame)
      return;
    const std::uint32_t frame = *event.frame;
    if (event.bytes)
      for (const std::uint32_t held : run_.bytes[*event.bytes].holds)
        suggest(held, frame, await_basis::frame);
    switch (event.kind) {
    case event_kind::frame_created:
      event.by = top(running);
      running.push_back(frame);
      return;
    case event_kind::suspended:
      leave(running, frame);
      open_[frame] = {.frame = frame, .begin = index, .awaited = std::nullopt};
      return;
    case event_kind::not_suspended:
      open_.erase(frame);
      running.push_back(frame);
      return;
    case event_kind::resumed:
    case event_kind::destroyed:
      leave(running, frame);
      if (event.by)
        hand_over(*event.by, frame);
      else
        event.by = top(running);
      if (!event.by && event.kind == event_kind::resumed)
        find_outsider(index);
      end(frame, index);
      running.push_back(frame);
      return;
    case event_kind::frame_freed:
      leave(running, frame);
      end(frame, index);
      return;
    case event_kind::awaits:
      if (event.target)
        declare(frame, *event.target, index);
      return;
    default:
      return;
    }
  }

  /// What a thread resumes between two polls, its loop resumes.
  void take_poll(const recorded_event &event) {
    turn &now = turns_[event.thread];
    if (event.kind == event_kind::poll_begin && now)
      for (const std::uint32_t resumed : *now)
        run_.events[resumed].resumer = outsider::loop;
    if (event.kind == event_kind::poll_begin)
      now = std::nullopt;
    if (event.kind == event_kind::poll_end)
      now.emplace();
  }

  void find_outsider(std::uint32_t index) {
    recorded_event &event = run_.events[index];
    const auto open = open_.find(*event.frame);
    if (open != open_.end() && run_.events[open->second.begin].thread != event.thread)
      event.resumer = outsider::other_thread;
    if (turn &now = turns_[event.thread])
      now->push_back(index);
  }

  static std::optional<std::uint32_t> top(const frames_of_thread &running) {
    return running.empty() ? std::nullopt : std::optional(running.back());
  }

  /// The frame runs no more, and what ran on top of it returned.
  static void leave(frames_of_thread &running, std::uint32_t frame) {
    const auto place = std::ranges::find(running.rbegin(), running.rend(), frame);
    if (place != running.rend())
      running.erase(place.base() - 1, running.end());
  }

  [[nodiscard]] const recorded_point *point_of(std::uint32_t frame, std::optional<std::uint32_t> ordinal) const {
    const auto coroutine = run_.frames[frame].coroutine;
    if (!coroutine || !ordinal)
      return nullptr;
    const auto &points = run_.coroutines[*coroutine].points;
    const auto point = std::ranges::find(points, *ordinal, &recorded_point::ordinal);
    return point == points.end() ? nullptr : &*point;
  }

  /// The await_suspend of `from` returned the handle of `to`. At its end that tells who waited for it; before, whom it
  /// waits for.
  void hand_over(std::uint32_t from, std::uint32_t to) {
    const auto open = open_.find(from);
    const recorded_point *point = open == open_.end() ? nullptr : point_of(from, run_.events[open->second.begin].point);
    if (point && point->kind == "final")
      suggest(to, from, await_basis::resumed_by);
    else if (point)
      suggest(from, to, await_basis::transfer);
  }

  void suggest(std::uint32_t waiter, std::uint32_t awaited, await_basis basis) {
    const auto open = open_.find(waiter);
    if (open == open_.end() || waiter == awaited || (open->second.awaited && open->second.basis <= basis))
      return;
    open->second.awaited = awaited;
    open->second.basis = basis;
  }

  /// A frame may declare several at once.
  void declare(std::uint32_t waiter, std::uint32_t awaited, std::uint32_t index) {
    const auto open = open_.find(waiter);
    if (open != open_.end() && (!open->second.awaited || open->second.basis != await_basis::declared))
      return suggest(waiter, awaited, await_basis::declared);
    further_[waiter].push_back({.frame = waiter, .begin = index, .awaited = awaited, .basis = await_basis::declared});
  }

  void end(std::uint32_t frame, std::uint32_t index) {
    if (const auto open = open_.extract(frame))
      close(open.mapped(), index);
    if (const auto more = further_.extract(frame))
      for (const suspension &one : more.mapped())
        close(one, index);
  }

  void close(const suspension &one, std::optional<std::uint32_t> end) {
    if (one.awaited)
      run_.awaits.push_back(
          {.waiter = one.frame, .awaited = *one.awaited, .begin = one.begin, .end = end, .basis = one.basis});
  }

  recorded_run &run_;
  std::unordered_map<std::uint32_t, frames_of_thread> running_; ///< by thread
  std::unordered_map<std::uint32_t, turn> turns_;               ///< by thread
  std::unordered_map<std::uint32_t, suspension> open_;          ///< by frame
  std::unordered_map<std::uint32_t, std::vector<suspension>> further_;
};

} // namespace

void find_awaits(recorded_run &run) { await_finder(run).find(); }

} // namespace coroscope::trace
