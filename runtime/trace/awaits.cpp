// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each thread has a stack of frames that run: what is created or resumed while a frame is on top was created or resumed
// by it. A frame that a suspended one handed the thread to, which the recorder saw, is what it waits for.
#include "awaits.h"

#include <algorithm>
#include <iterator>
#include <utility>

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
  take_loop(event);
  if (!event.frame)
    return;
  const std::uint32_t frame = *event.frame;
  if (event.bytes)
    for (const held_frame &held : run_.bytes[*event.bytes].holds)
      suggest_holder(held, frame);
  switch (event.kind) {
  case event_kind::frame_created:
    event.by = top(running);
    if (event.by)
      creators_[frame] = *event.by;
    add_deed(event.thread, {last(), std::nullopt});
    running.push_back(frame);
    return;
  case event_kind::suspended:
    return take_suspended(event, running);
  case event_kind::not_suspended:
    awaiter_returned(event.thread, run_.frames[frame].address);
    open_.erase(frame);
    running.push_back(frame);
    return;
  case event_kind::resumed:
  case event_kind::transferred:
  case event_kind::destroyed:
    return take_continued(event, running);
  case event_kind::unwound:
  case event_kind::frame_freed:
    ended_[frame] = last();
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

void await_finder::take_suspended(const recorded_event &event, frames_of_thread &running) {
  const std::uint32_t frame = *event.frame;
  leave(running, frame);
  const suspension begun{.frame = frame, .begin = last(), .thread = event.thread, .point = event.point, .awaited = {}};
  open_[frame] = begun;
  if (is_at_end(begun))
    ended_[frame] = last();
  calls_[{event.thread, run_.frames[frame].address}] = {frame, last(), top(running)};
}

void await_finder::take_continued(recorded_event &event, frames_of_thread &running) {
  const std::uint32_t frame = *event.frame;
  leave(running, frame);
  if (event.by)
    hand_over(*event.by, frame);
  else
    event.by = top(running);
  if (!event.by && event.kind == event_kind::resumed)
    find_outsider(event);
  if (event.kind == event_kind::destroyed)
    ended_[frame] = last();
  const std::optional<suspension> ended = event.kind == event_kind::destroyed ? end(frame) : go_on(frame, event.by);
  if (event.kind != event_kind::transferred)
    add_deed(event.thread, {last(), ended});
  running.push_back(frame);
}

/// What the thread did since the frame was suspended, and nothing that ran on top of it did, its await_suspend did.
void await_finder::awaiter_returned(std::uint32_t thread, std::uint64_t address) {
  const auto call = calls_.extract({thread, address});
  if (call.empty())
    return;
  std::vector<deed> &deeds = deeds_[thread];
  for (; !deeds.empty() && deeds.back().event > call.mapped().begin; deeds.pop_back())
    attribute(deeds.back(), call.mapped());
}

/// Those that are long past are forgotten: most await_suspends have returned without a word.
void await_finder::add_deed(std::uint32_t thread, const deed &one) {
  constexpr std::ptrdiff_t most = 1 << 16;
  std::vector<deed> &deeds = deeds_[thread];
  if (std::ssize(deeds) == most)
    deeds.erase(deeds.begin(), deeds.begin() + most / 2);
  deeds.push_back(one);
}

void await_finder::attribute(const deed &one, const awaiter_call &call) {
  if (one.event < first_)
    return;
  recorded_event &event = run_.events[one.event - first_];
  if (event.by != call.caller)
    return;
  event.by = call.frame;
  event.resumer = outsider::unknown;
  if (event.kind == event_kind::frame_created)
    creators_[*event.frame] = call.frame;
  const auto ended = ended_.find(call.frame);
  if (!one.ended || ended == ended_.end() || ended->second < call.begin || one.ended->frame == call.frame)
    return;
  suspension waited = *one.ended;
  waited.awaited = call.frame;
  put(waited, one.event);
}

void await_finder::put_awaits() {
  for (const auto &[frame, open] : open_)
    put(open, std::nullopt);
  for (const auto &[frame, more] : further_)
    for (const suspension &one : more)
      put(one, std::nullopt);
  std::ranges::sort(run_.awaits, {}, [](const recorded_await &one) { return std::pair(one.begin, one.awaited); });
}

void await_finder::forget_events() {
  first_ += run_.events.size();
  deeds_.clear();
}

/// What a thread resumes while its loop runs and does not poll, the loop resumes. One that does not say when it begins
/// and ends runs between its polls.
void await_finder::take_loop(const recorded_event &event) {
  loop_turn &now = turns_[event.thread];
  if (event.kind == event_kind::loop_begin)
    ++now.loops;
  else if (event.kind == event_kind::loop_end && now.loops > 0)
    --now.loops;
  if (event.kind == event_kind::poll_begin)
    for (const std::uint64_t resumed : now.resumed)
      if (resumed >= first_ && !run_.events[resumed - first_].by)
        run_.events[resumed - first_].resumer = outsider::loop;
  if (event.kind == event_kind::poll_begin || event.kind == event_kind::poll_end) {
    now.is_after_poll = event.kind == event_kind::poll_end;
    now.resumed.clear();
  }
}

void await_finder::find_outsider(recorded_event &event) {
  const auto open = open_.find(*event.frame);
  loop_turn &now = turns_[event.thread];
  if (now.loops > 0)
    event.resumer = outsider::loop;
  else if (open != open_.end() && open->second.thread != event.thread)
    event.resumer = outsider::other_thread;
  if (now.loops == 0 && now.is_after_poll)
    now.resumed.push_back(last());
}

const recorded_point *await_finder::point_of(const suspension &one) const {
  const auto coroutine = run_.frames[one.frame].coroutine;
  if (!coroutine || !one.point)
    return nullptr;
  const auto &points = run_.coroutines[*coroutine].points;
  const auto point = std::ranges::find(points, *one.point, &recorded_point::ordinal);
  return point == points.end() ? nullptr : &*point;
}

bool await_finder::is_at_end(const suspension &one) const {
  const recorded_point *point = point_of(one);
  return point && point->kind == "final";
}

bool await_finder::is_creator(std::uint32_t creator, std::uint32_t frame) const {
  const auto known = creators_.find(frame);
  return known != creators_.end() && known->second == creator;
}

/// Itself or through others.
bool await_finder::waits_for(std::uint32_t waiter, std::uint32_t awaited) const {
  constexpr unsigned longest_chain = 64;
  for (unsigned i = 0; i < longest_chain; ++i) {
    const auto open = open_.find(waiter);
    if (open == open_.end() || !open->second.awaited)
      return false;
    waiter = *open->second.awaited;
    if (waiter == awaited)
      return true;
  }
  return true;
}

/// The await_suspend of `from` returned the handle of `to`. At its end that tells who waited for it; before, whom it
/// waits for.
void await_finder::hand_over(std::uint32_t from, std::uint32_t to) {
  const auto open = open_.find(from);
  if (open == open_.end() || !point_of(open->second))
    return;
  if (is_at_end(open->second))
    suggest(to, from, await_basis::resumed_by);
  else
    suggest(from, to, await_basis::transfer);
}

/// A promise leads to whom it will resume, but also to children and to the next one of a queue. Its own child does not
/// wait for it, nor does one that it waits for; what a pointer to a promise leads to waits if it created the holder.
void await_finder::suggest_holder(const held_frame &held, std::uint32_t holder) {
  const auto open = open_.find(held.frame);
  if (open == open_.end() || is_at_end(open->second) || is_creator(holder, held.frame) || waits_for(holder, held.frame))
    return;
  if (held.is_handle || is_creator(held.frame, holder))
    suggest(held.frame, holder, await_basis::frame);
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

/// `by` makes the frame go on, or somebody who is not known. What a promise says that it waited for has ended by then,
/// or is the one that makes it go on.
std::optional<await_finder::suspension> await_finder::go_on(std::uint32_t frame, std::optional<std::uint32_t> by) {
  const auto open = open_.find(frame);
  if (open != open_.end() && open->second.awaited && open->second.basis == await_basis::frame &&
      by != open->second.awaited) {
    const auto ended = ended_.find(*open->second.awaited);
    if (ended == ended_.end() || ended->second < open->second.begin)
      open->second.awaited = std::nullopt;
  }
  return end(frame);
}

/// The suspension that ends, where it waited for nobody known.
std::optional<await_finder::suspension> await_finder::end(std::uint32_t frame) {
  if (const auto more = further_.extract(frame))
    for (const suspension &one : more.mapped())
      put(one, last());
  const auto open = open_.extract(frame);
  if (!open)
    return std::nullopt;
  put(open.mapped(), last());
  return open.mapped().awaited ? std::nullopt : std::optional(open.mapped());
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
