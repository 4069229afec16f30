// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run_builder.h"

#include <algorithm>
#include <cstring>

namespace coroscope::trace {

using namespace format;

void run_builder::take_header(const file_header &header) {
  header_ = header;
  result_.pid = header.pid;
  result_.start_realtime = header.start_realtime;
  result_.lost = header.lost;
  result_.overwritten = header.overwritten;
  result_.ring = header.ring;
  result_.parent = header.parent;
  result_.complete = header.state == run_state::ended && header.lost == 0;
  if (header.state == run_state::ended)
    result_.exit_status = header.exit_status;
  take_clock(header.last);
}

void run_builder::finish(problem_list &problems) {
  if (header_.frames_left_out != 0)
    result_.omissions.push_back(std::to_string(header_.frames_left_out) +
                                " times a frame's bytes were left out: the recording's limit for them was reached");
  for (const auto &[coroutine, size] : cut_)
    result_.omissions.push_back("of each frame of " + result_.coroutines[coroutine].name + " the first " +
                                std::to_string(size) + " of " +
                                std::to_string(result_.coroutines[coroutine].frame_size) +
                                " bytes were recorded: what lies beyond has no value (COROSCOPE_TRACE_FRAMES, "
                                "--frame-limit)");
  if (header_.state == run_state::stopped)
    problems.add(std::string("the recording stopped before the program did: ") +
                 std::strerror(static_cast<int>(header_.stop_errno)));
  if (longest_ == 0 && header_.clock == clock_kind::tsc && has_events_)
    problems.add(40, "there is no second clock pair: times are in ticks, not in nanoseconds");
  if (has_lost_tables_)
    problems.add(header_.parent == 0 ? "tables of units are missing: their coroutines are not known"
                                     : "tables of units are missing, as the recording of the process that this one was "
                                       "forked from was gone: their coroutines are not known");
  put_awaits();
  result_.problems = problems.take();
}

void run_builder::forget_events() {
  awaits_.forget_events();
  result_.events.clear();
  result_.bytes.clear();
  result_.awaits.clear();
}

/// A function that several units define is one coroutine, as it is one for the linker.
void run_builder::take_units(std::map<std::uint32_t, unit_table> units) {
  for (auto &[number, unit] : units) {
    if (coroutine_index_.contains(number))
      continue;
    if (!unit.level.empty() && std::ranges::find(result_.levels, unit.level) == result_.levels.end())
      result_.levels.push_back(unit.level);
    auto &index = coroutine_index_[number];
    for (auto &coroutine : unit.coroutines) {
      if (!coroutine) {
        index.emplace_back(std::nullopt);
        continue;
      }
      coroutine->compiler = unit.compiler;
      coroutine->level = unit.level;
      const auto [place, is_new] = known_.try_emplace({coroutine->mangled, coroutine->layout_hash, coroutine->file},
                                                      static_cast<std::uint32_t>(result_.coroutines.size()));
      if (is_new)
        result_.coroutines.push_back(*std::move(coroutine));
      index.emplace_back(place->second);
    }
  }
}

std::optional<std::uint32_t> run_builder::coroutine_of(const raw_event &event) {
  const auto unit = coroutine_index_.find(event.unit);
  if (event.unit != 0 && unit == coroutine_index_.end())
    has_lost_tables_ = true;
  if (event.unit == 0 || unit == coroutine_index_.end() || event.coroutine >= unit->second.size())
    return std::nullopt;
  return unit->second[event.coroutine];
}

/// The frame that lives at the event's address at this moment.
std::uint32_t run_builder::frame_of(const raw_event &event) {
  const auto coroutine = coroutine_of(event);
  const bool begins = event.kind == static_cast<std::uint8_t>(event_kind::frame_created);
  const auto live = live_.at(event.address);
  std::uint32_t number;
  if (!begins && live &&
      (!coroutine || !result_.frames[*live].coroutine || result_.frames[*live].coroutine == coroutine)) {
    number = *live;
    if (!result_.frames[number].coroutine)
      result_.frames[number].coroutine = coroutine;
  } else {
    number = static_cast<std::uint32_t>(result_.frames.size());
    result_.frames.push_back({event.address, coroutine, begins, false});
    live_.begin(event.address, number);
  }
  if (event.kind == static_cast<std::uint8_t>(event_kind::frame_freed)) {
    result_.frames[number].freed = true;
    live_.end(event.address);
  }
  return number;
}

void run_builder::take_clock(const clock_pair &pair) {
  const std::uint64_t ticks = pair.tick - header_.first.tick;
  const std::uint64_t ns = pair.ns - header_.first.ns;
  const bool plausible =
      pair.tick > header_.first.tick && pair.ns > header_.first.ns && ticks / 16 <= ns && ns / 16 <= ticks;
  if (!plausible || ticks <= longest_)
    return;
  longest_ = ticks;
  scale_ = {ticks, ns};
}

std::uint64_t run_builder::time_of(std::uint64_t tick) const {
  if (tick <= header_.first.tick)
    return 0;
  const std::uint64_t ticks = tick - header_.first.tick;
  if (header_.clock == clock_kind::monotonic)
    return ticks;
  __extension__ using wide = unsigned __int128;
  const wide ns = static_cast<wide>(ticks) * scale_.ns / scale_.tick;
  return ns > UINT64_MAX ? UINT64_MAX : static_cast<std::uint64_t>(ns);
}

void run_builder::take_event(const raw_event &raw, std::size_t block) {
  if (raw.kind == static_cast<std::uint8_t>(event_kind::frame_bytes))
    take_bytes(raw, block);
  else if (raw.kind == static_cast<std::uint8_t>(event_kind::memory_bytes))
    take_memory(raw);
  else
    add_event(raw);
}

void run_builder::take_bytes(const raw_event &raw, std::size_t block) {
  if (auto image = frames_.image_of(raw, block))
    images_[raw.thread] = {raw.address, *std::move(image), {}};
}

void run_builder::take_memory(const raw_event &raw) {
  const auto image = images_.find(raw.thread);
  if (image != images_.end() && image->second.address == raw.address)
    image->second.memory.push_back({raw.a, {raw.bytes.begin(), raw.bytes.end()}});
}

std::vector<held_frame> run_builder::frames_in_promise(const std::vector<std::byte> &image,
                                                       const recorded_coroutine &coroutine) const {
  std::vector<held_frame> frames;
  for (const recorded_field &field : coroutine.fields)
    for (std::uint64_t at = field.offset;
         field.kind == "promise" && at + 8 <= field.offset + field.size && at + 8 <= image.size(); at += 8) {
      std::uint64_t word;
      std::memcpy(&word, image.data() + at, sizeof word);
      if (const auto frame = owner_of(word))
        frames.push_back(*frame);
    }
  return frames;
}

/// The frame whose handle the word is, or whose promise's address.
std::optional<held_frame> run_builder::owner_of(std::uint64_t word) const {
  if (const auto frame = live_.at(word))
    return held_frame{*frame, true};
  const auto found = live_.around(word, result_);
  if (!found)
    return std::nullopt;
  const std::vector<recorded_field> &fields = result_.coroutines[*result_.frames[found->frame].coroutine].fields;
  const bool is_promise = std::ranges::any_of(
      fields, [&](const recorded_field &field) { return field.kind == "promise" && field.offset == found->offset; });
  return is_promise ? std::optional(held_frame{found->frame, false}) : std::nullopt;
}

/// Ordinal; absent where the coroutine is not known or the optimiser removed it.
std::optional<std::uint32_t> run_builder::final_point_of(std::uint32_t frame) const {
  const auto coroutine = result_.frames[frame].coroutine;
  if (!coroutine)
    return std::nullopt;
  const std::vector<recorded_point> &points = result_.coroutines[*coroutine].points;
  const auto last = std::ranges::find(points, "final", &recorded_point::kind);
  return last == points.end() ? std::nullopt : std::optional(last->ordinal);
}

/// How a coroutine completes is told where it is suspended at the end.
void run_builder::take_exception(recorded_event &event) {
  if (!event.frame)
    return;
  if (event.kind == event_kind::threw)
    threw_.insert(*event.frame);
  else if (event.kind == event_kind::suspended && event.point && event.point == final_point_of(*event.frame))
    event.a = threw_.contains(*event.frame) ? 2 : 1;
  else if (event.kind == event_kind::frame_freed)
    threw_.erase(*event.frame);
}

/// Where the frame stands once the event is over.
void run_builder::take_point(const recorded_event &event, std::uint64_t address) {
  if (event.kind == event_kind::suspended || event.kind == event_kind::unwound)
    live_.stands_at(address, event.point);
  else if (event.kind == event_kind::not_suspended || event.kind == event_kind::resumed ||
           event.kind == event_kind::transferred || event.kind == event_kind::destroyed)
    live_.stands_at(address, std::nullopt);
}

void run_builder::take_work(recorded_event &event) {
  if (event.kind == event_kind::posted) {
    posted_[event.a] = event.thread;
  } else if (event.kind == event_kind::delivered) {
    const auto work = posted_.find(event.a);
    event.b = work == posted_.end() ? 0 : std::uint64_t{work->second} + 1;
    if (work != posted_.end())
      posted_.erase(work);
  }
}

/// What was told of the frame right before is of this event.
void run_builder::add_bytes(const raw_event &raw, recorded_event &event) {
  const auto image = images_.find(raw.thread);
  if (image == images_.end())
    return;
  pending_image taken = std::move(image->second);
  images_.erase(image);
  const auto index = event.frame ? result_.frames[*event.frame].coroutine : std::nullopt;
  if (!index || !event.point || taken.address != raw.address)
    return;
  const recorded_coroutine &coroutine = result_.coroutines[*index];
  if (taken.bytes.size() < coroutine.frame_size)
    cut_[*index] = taken.bytes.size();
  std::vector<held_frame> holds = frames_in_promise(taken.bytes, coroutine);
  taken.memory.push_back({raw.address, taken.bytes}); // variables point to each other
  const surroundings around = surroundings_now(live_, result_, name_, std::move(taken.memory));
  event.bytes = static_cast<std::uint32_t>(result_.bytes.size());
  result_.bytes.push_back(
      frames_.changes(*event.frame, raw.address, coroutine, std::move(taken.bytes), around, *event.point));
  result_.bytes.back().holds = std::move(holds);
}

void run_builder::add_event(const raw_event &raw) {
  if (raw.kind == static_cast<std::uint8_t>(event_kind::awaiter_returned))
    return awaits_.awaiter_returned(raw.thread, raw.address);
  recorded_event event;
  event.time = time_of(raw.tick);
  event.thread = raw.thread;
  event.kind = static_cast<event_kind>(raw.kind);
  event.a = raw.a;
  event.b = raw.b;
  if (raw.has_point)
    event.point = raw.point;
  if (raw.address != 0)
    event.frame = frame_of(raw);
  if (event.kind == event_kind::unwound && event.frame)
    event.point = final_point_of(*event.frame);
  take_exception(event);
  take_work(event);
  take_point(event, raw.address);
  add_bytes(raw, event);
  if (event.frame && result_.frames[*event.frame].freed)
    frames_.forget_frame(*event.frame);
  if (raw.a_is_address)
    event.target = live_.at(raw.a);
  if (event.kind == event_kind::transferred) {
    event.by = std::exchange(event.target, std::nullopt);
    event.a = 0;
  }
  result_.events.push_back(event);
  has_events_ = true;
  awaits_.take_last();
}

} // namespace coroscope::trace
