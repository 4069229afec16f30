// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each thread has a stack of frames that run: what is created or resumed while a frame is on top was created or resumed
// by it. A frame that a suspended one handed the thread to, which the recorder saw, is what it waits for.
#include "awaits.h"

#include <algorithm>

namespace coroscope::trace {
namespace {

std::optional<std::uint32_t> top(const std::vector<std::uint32_t> &running) {
  return running.empty() ? std::nullopt : std::optional(running.back());
}

/// The frame runs no more, and what ran on top of it returned.
void leave(std::vector<std::uint32_t> &running, std::uint32_t frame) {
  const auto place = std::ranges::find(running.rbegin(), running.rend(), frame);
  if (place != running.rend())
    running.erase(place.base() - 1, running.end());
}

} // namespace

void await_finder::take_last() {
  recorded_event &event = run_.events.back();
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
    open_[frame] = {.frame = frame, .begin = last(), .thread = event.thread, .point = event.point, .awaited = {}};
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
      find_outsider(event);
    end(frame);
    running.push_back(frame);
    return;
  case event_kind::frame_freed:
    leave(running, frame);
    end(frame);
    return;
  case event_kind::awaits:
    if (event.target)
      declare(event);
    return;
  default:
    return;
  }
}

void await_finder::put_awaits() {
  for (const auto &[frame, open] : open_)
    put(open, std::nullopt);
  for (const auto &[frame, more] : further_)
    for (const suspension &one : more)
      put(one, std::nullopt);
  std::ranges::sort(run_.awaits, {}, [](const recorded_await &one) { return std::pair(one.begin, one.awaited); });
}

void await_finder::forget_events() { first_ += run_.events.size(); }

/// What a thread resumes between two polls, its loop resumes.
void await_finder::take_poll(const recorded_event &event) {
  turn &now = turns_[event.thread];
  if (event.kind == event_kind::poll_begin && now)
    for (const std::uint64_t resumed : *now)
      if (resumed >= first_)
        run_.events[resumed - first_].resumer = outsider::loop;
  if (event.kind == event_kind::poll_begin)
    now = std::nullopt;
  if (event.kind == event_kind::poll_end)
    now.emplace();
}

void await_finder::find_outsider(recorded_event &event) {
  const auto open = open_.find(*event.frame);
  if (open != open_.end() && open->second.thread != event.thread)
    event.resumer = outsider::other_thread;
  if (turn &now = turns_[event.thread])
    now->push_back(last());
}

const recorded_point *await_finder::point_of(const suspension &one) const {
  const auto coroutine = run_.frames[one.frame].coroutine;
  if (!coroutine || !one.point)
    return nullptr;
  const auto &points = run_.coroutines[*coroutine].points;
  const auto point = std::ranges::find(points, *one.point, &recorded_point::ordinal);
  return point == points.end() ? nullptr : &*point;
}

/// The await_suspend of `from` returned the handle of `to`. At its end that tells who waited for it; before, whom it
/// waits for.
void await_finder::hand_over(std::uint32_t from, std::uint32_t to) {
  const auto open = open_.find(from);
  const recorded_point *point = open == open_.end() ? nullptr : point_of(open->second);
  if (point && point->kind == "final")
    suggest(to, from, await_basis::resumed_by);
  else if (point)
    suggest(from, to, await_basis::transfer);
}

void await_finder::suggest(std::uint32_t waiter, std::uint32_t awaited, await_basis basis) {
  const auto open = open_.find(waiter);
  if (open == open_.end() || waiter == awaited || (open->second.awaited && open->second.basis <= basis))
    return;
  open->second.awaited = awaited;
  open->second.basis = basis;
}

/// A frame may declare several at once.
void await_finder::declare(const recorded_event &event) {
  const std::uint32_t waiter = *event.frame;
  const auto open = open_.find(waiter);
  if (open != open_.end() && (!open->second.awaited || open->second.basis != await_basis::declared))
    return suggest(waiter, *event.target, await_basis::declared);
  further_[waiter].push_back({.frame = waiter,
                              .begin = last(),
                              .thread = event.thread,
                              .point = {},
                              .awaited = event.target,
                              .basis = await_basis::declared});
}

void await_finder::end(std::uint32_t frame) {
  if (const auto open = open_.extract(frame))
    put(open.mapped(), last());
  if (const auto more = further_.extract(frame))
    for (const suspension &one : more.mapped())
      put(one, last());
}

void await_finder::put(const suspension &one, std::optional<std::uint64_t> end) {
  if (!one.awaited || one.begin < first_)
    return;
  const auto number = [&](std::uint64_t event) { return static_cast<std::uint32_t>(event - first_); };
  run_.awaits.push_back({.waiter = one.frame,
                         .awaited = *one.awaited,
                         .begin = number(one.begin),
                         .end = end ? std::optional(number(*end)) : std::nullopt,
                         .basis = one.basis});
}

} // namespace coroscope::trace
