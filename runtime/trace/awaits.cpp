// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each thread has a stack of frames that run: what is created or resumed while a frame is on top was created or resumed
// by it. A frame that a suspended one handed the thread to is what it waits for.
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

  struct thread_state {
    std::vector<std::uint32_t> running; ///< frames, the innermost last
    std::optional<std::uint32_t> left;  ///< the frame whose suspension was the thread's last event
  };

  void take(std::uint32_t index) {
    recorded_event &event = run_.events[index];
    thread_state &thread = threads_[event.thread];
    const std::optional<std::uint32_t> left = std::exchange(thread.left, std::nullopt);
    if (!event.frame)
      return;
    const std::uint32_t frame = *event.frame;
    if (event.bytes)
      for (const std::uint32_t held : run_.bytes[*event.bytes].holds)
        suggest(held, frame, await_basis::frame);
    switch (event.kind) {
    case event_kind::frame_created:
      event.by = top(thread);
      thread.running.push_back(frame);
      return;
    case event_kind::suspended:
      leave(thread, frame);
      thread.left = frame;
      open_[frame] = {.frame = frame, .begin = index, .awaited = std::nullopt};
      return;
    case event_kind::not_suspended:
      open_.erase(frame);
      thread.running.push_back(frame);
      return;
    case event_kind::resumed:
    case event_kind::destroyed:
      leave(thread, frame);
      event.by = left && hands_over(*left, frame) ? left : top(thread);
      end(frame, index);
      thread.running.push_back(frame);
      return;
    case event_kind::frame_freed:
      leave(thread, frame);
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

  static std::optional<std::uint32_t> top(const thread_state &thread) {
    return thread.running.empty() ? std::nullopt : std::optional(thread.running.back());
  }

  /// The frame runs no more, and what ran on top of it returned.
  static void leave(thread_state &thread, std::uint32_t frame) {
    const auto place = std::ranges::find(thread.running.rbegin(), thread.running.rend(), frame);
    if (place != thread.running.rend())
      thread.running.erase(place.base() - 1, thread.running.end());
  }

  [[nodiscard]] const recorded_point *point_of(std::uint32_t frame, std::optional<std::uint32_t> ordinal) const {
    const auto coroutine = run_.frames[frame].coroutine;
    if (!coroutine || !ordinal)
      return nullptr;
    const auto &points = run_.coroutines[*coroutine].points;
    const auto point = std::ranges::find(points, *ordinal, &recorded_point::ordinal);
    return point == points.end() ? nullptr : &*point;
  }

  /// Whether `from`, suspended right before, gave the thread to `to`: its await_suspend returned a handle. At its end
  /// that tells who waited for it; before, whom it waits for.
  bool hands_over(std::uint32_t from, std::uint32_t to) {
    const auto open = open_.find(from);
    const recorded_point *point = open == open_.end() ? nullptr : point_of(from, run_.events[open->second.begin].point);
    if (!point || from == to || !point->returns_handle)
      return false;
    if (point->kind == "final")
      suggest(to, from, await_basis::resumed_by);
    else
      suggest(from, to, await_basis::transfer);
    return true;
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
  std::unordered_map<std::uint32_t, thread_state> threads_;
  std::unordered_map<std::uint32_t, suspension> open_; ///< by frame
  std::unordered_map<std::uint32_t, std::vector<suspension>> further_;
};

} // namespace

void find_awaits(recorded_run &run) { await_finder(run).find(); }

} // namespace coroscope::trace
