// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a run is put together from what the blocks hold: one order of time, one list of coroutines, and which frame each
// event is about.
//
//   bytes --read_blocks()--> block_contents --merge, resolve--> recorded_run
#include "reader.h"

#include "awaits.h"
#include "blocks.h"
#include "frame_reader.h"
#include "live_frames.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <memory>
#include <queue>
#include <set>
#include <sys/file.h>
#include <tuple>
#include <unistd.h>
#include <unordered_map>
#include <utility>

namespace coroscope::trace {
namespace {

using namespace format;

/// The bytes of a frame, until the event comes that they belong to.
struct pending_image {
  std::uint64_t address = 0;
  std::vector<std::byte> bytes;
  std::vector<memory_piece> memory; ///< what the frame's variables point to
};

class run_builder {
public:
  run_builder(block_contents from, const frame_namer &name) : from_(std::move(from)), name_(name) {}

  recorded_run build() {
    take_header();
    merge_units();
    choose_scale();
    merge_blocks();
    find_awaits(result_);
    result_.problems = from_.problems.take();
    return std::move(result_);
  }

private:
  void take_header();
  void merge_units();
  void choose_scale();
  void merge_blocks();
  void add_event(const raw_event &raw);
  [[nodiscard]] std::vector<std::uint32_t> frames_in_promise(const std::vector<std::byte> &image,
                                                             const recorded_coroutine &coroutine) const;
  [[nodiscard]] std::optional<std::uint32_t> owner_of(std::uint64_t word) const;
  void take_bytes(const raw_event &raw, std::size_t block);
  void take_memory(const raw_event &raw);
  void take_point(const recorded_event &event, std::uint64_t address);
  std::optional<std::uint32_t> coroutine_of(const raw_event &event);
  std::uint32_t frame_of(const raw_event &event);
  [[nodiscard]] std::uint64_t time_of(std::uint64_t tick) const;

  block_contents from_;
  const frame_namer &name_;
  std::map<std::uint32_t, std::vector<std::optional<std::uint32_t>>> coroutine_index_; ///< by unit, by index
  clock_pair scale_{1, 1};
  live_frames live_;
  frame_reader frames_;
  std::unordered_map<std::uint32_t, pending_image> images_; ///< by thread: of its next event
  recorded_run result_;
};

void run_builder::take_header() {
  result_.kinds = from_.kinds.names;
  result_.command = std::move(from_.command);
  result_.threads = std::move(from_.threads);
  result_.pid = from_.header.pid;
  result_.start_realtime = from_.header.start_realtime;
  result_.lost = from_.header.lost;
  result_.overwritten = from_.header.overwritten;
  result_.ring = from_.header.ring;
  result_.parent = from_.header.parent;
  result_.frames_left_out = from_.header.frames_left_out;
  if (result_.frames_left_out != 0)
    from_.problems.add(std::to_string(result_.frames_left_out) +
                       " times a frame's bytes were left out: the recording's limit for them was reached");
  result_.complete = from_.header.state == run_state::ended && from_.header.lost == 0;
  if (from_.header.state == run_state::ended)
    result_.exit_status = from_.header.exit_status;
  if (from_.header.state == run_state::stopped)
    from_.problems.add(std::string("the recording stopped before the program did: ") +
                       std::strerror(static_cast<int>(from_.header.stop_errno)));
}

/// A function that several units define is one coroutine, as it is one for the linker.
void run_builder::merge_units() {
  std::map<std::tuple<std::string, std::string, std::string>, std::uint32_t> known;
  std::set<std::string> levels;
  for (auto &[number, unit] : from_.units) {
    if (!unit.level.empty() && levels.insert(unit.level).second)
      result_.levels.push_back(unit.level);
    auto &index = coroutine_index_[number];
    for (auto &coroutine : unit.coroutines) {
      if (!coroutine) {
        index.emplace_back(std::nullopt);
        continue;
      }
      coroutine->compiler = unit.compiler;
      coroutine->level = unit.level;
      const auto [place, is_new] = known.try_emplace({coroutine->mangled, coroutine->layout_hash, coroutine->file},
                                                     static_cast<std::uint32_t>(result_.coroutines.size()));
      if (is_new)
        result_.coroutines.push_back(*std::move(coroutine));
      index.emplace_back(place->second);
    }
  }
}

std::optional<std::uint32_t> run_builder::coroutine_of(const raw_event &event) {
  const auto unit = coroutine_index_.find(event.unit);
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

/// The longest stretch between time 0 and a later clock pair gives the length of a tick.
void run_builder::choose_scale() {
  from_.clocks.push_back(from_.header.last);
  std::uint64_t longest = 0;
  for (const clock_pair &pair : from_.clocks) {
    const std::uint64_t ticks = pair.tick - from_.header.first.tick;
    const std::uint64_t ns = pair.ns - from_.header.first.ns;
    const bool plausible =
        pair.tick > from_.header.first.tick && pair.ns > from_.header.first.ns && ticks / 16 <= ns && ns / 16 <= ticks;
    if (!plausible || ticks <= longest)
      continue;
    longest = ticks;
    scale_ = {ticks, ns};
  }
  if (longest == 0 && from_.header.clock == clock_kind::tsc && !from_.events.empty())
    from_.problems.add(40, "there is no second clock pair: times are in ticks, not in nanoseconds");
}

std::uint64_t run_builder::time_of(std::uint64_t tick) const {
  if (tick <= from_.header.first.tick)
    return 0;
  const std::uint64_t ticks = tick - from_.header.first.tick;
  if (from_.header.clock == clock_kind::monotonic)
    return ticks;
  __extension__ using wide = unsigned __int128;
  const wide ns = static_cast<wide>(ticks) * scale_.ns / scale_.tick;
  return ns > UINT64_MAX ? UINT64_MAX : static_cast<std::uint64_t>(ns);
}

/// Each block's events are in order already; at the same tick the earlier block comes first.
void run_builder::merge_blocks() {
  using head = std::pair<std::uint64_t, std::size_t>; // tick and block
  std::priority_queue<head, std::vector<head>, std::greater<>> heads;
  std::vector<std::size_t> next(from_.events.size(), 0);
  const auto push = [&](std::size_t block) {
    if (next[block] < from_.events[block].size())
      heads.emplace(from_.events[block][next[block]].tick, block);
    else {
      from_.events[block] = {};
      frames_.forget_block(block);
    }
  };
  for (std::size_t block = 0; block < next.size(); ++block)
    push(block);
  while (!heads.empty()) {
    const std::size_t block = heads.top().second;
    heads.pop();
    const raw_event &raw = from_.events[block][next[block]++];
    if (raw.kind == static_cast<std::uint8_t>(event_kind::frame_bytes))
      take_bytes(raw, block);
    else if (raw.kind == static_cast<std::uint8_t>(event_kind::memory_bytes))
      take_memory(raw);
    else
      add_event(raw);
    push(block);
  }
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

std::vector<std::uint32_t> run_builder::frames_in_promise(const std::vector<std::byte> &image,
                                                          const recorded_coroutine &coroutine) const {
  std::vector<std::uint32_t> frames;
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
std::optional<std::uint32_t> run_builder::owner_of(std::uint64_t word) const {
  if (const auto frame = live_.at(word))
    return frame;
  const auto found = live_.around(word, result_);
  if (!found)
    return std::nullopt;
  const std::vector<recorded_field> &fields = result_.coroutines[*result_.frames[found->frame].coroutine].fields;
  const bool is_promise = std::ranges::any_of(
      fields, [&](const recorded_field &field) { return field.kind == "promise" && field.offset == found->offset; });
  return is_promise ? std::optional(found->frame) : std::nullopt;
}

/// Where the frame stands once the event is over.
void run_builder::take_point(const recorded_event &event, std::uint64_t address) {
  if (event.kind == event_kind::suspended)
    live_.stands_at(address, event.point);
  else if (event.kind == event_kind::not_suspended || event.kind == event_kind::resumed ||
           event.kind == event_kind::transferred || event.kind == event_kind::destroyed)
    live_.stands_at(address, std::nullopt);
}

void run_builder::add_event(const raw_event &raw) {
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
  take_point(event, raw.address);
  if (const auto image = images_.find(raw.thread); image != images_.end()) {
    const auto coroutine = event.frame ? result_.frames[*event.frame].coroutine : std::nullopt;
    if (coroutine && event.point && image->second.address == raw.address) {
      event.bytes = static_cast<std::uint32_t>(result_.bytes.size());
      image->second.memory.push_back({raw.address, image->second.bytes}); // variables point to each other
      std::vector<std::uint32_t> holds = frames_in_promise(image->second.bytes, result_.coroutines[*coroutine]);
      result_.bytes.push_back(
          frames_.changes(*event.frame, raw.address, result_.coroutines[*coroutine], std::move(image->second.bytes),
                          surroundings_now(live_, result_, name_, std::move(image->second.memory)), *event.point));
      result_.bytes.back().holds = std::move(holds);
    }
    images_.erase(image);
  }
  if (event.frame && result_.frames[*event.frame].freed)
    frames_.forget_frame(*event.frame);
  if (raw.a_is_address)
    event.target = live_.at(raw.a);
  if (event.kind == event_kind::transferred) {
    event.kind = event_kind::resumed;
    event.by = std::exchange(event.target, std::nullopt);
    event.a = 0;
  }
  result_.events.push_back(event);
}

/// Leaves out the blocks of a ring that were taken again while the file was read.
void leave_out_rewritten(std::vector<std::byte> &bytes, int descriptor) {
  file_header header{};
  if (bytes.size() < sizeof header)
    return;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.ring == 0 || header.unit < sizeof(block_header))
    return;
  const std::uint64_t end = std::min<std::uint64_t>(bytes.size(), header.unit + header.ring);
  for (std::uint64_t offset = header.unit; offset + sizeof(block_header) <= end;) {
    block_header block{}, now{};
    std::memcpy(&block, bytes.data() + offset, sizeof block);
    const bool is_block = block.magic == block_magic && block.capacity >= header.unit;
    if (is_block && pread(descriptor, &now, sizeof now, static_cast<off_t>(offset)) == sizeof now &&
        now.sequence != block.sequence) {
      block.committed = 0;
      std::memcpy(bytes.data() + offset, &block, sizeof block);
    }
    offset += is_block ? std::min(block.capacity, end) : header.unit;
  }
}

} // namespace

std::expected<recorded_run, read_error> read_recording(std::span<const std::byte> bytes, const frame_namer &name) {
  auto blocks = read_blocks(bytes);
  if (!blocks)
    return std::unexpected(std::move(blocks).error());
  return run_builder(*std::move(blocks), name).build();
}

std::expected<recorded_run, read_error> read_recording(const std::filesystem::path &path, const frame_namer &name) {
  const auto failed = [&](std::uint64_t offset) {
    return std::unexpected(read_error{offset, "cannot read " + path.string() + ": " + std::strerror(errno)});
  };
  const std::unique_ptr<std::FILE, decltype([](std::FILE *file) { std::fclose(file); })> file(
      std::fopen(path.c_str(), "rb"));
  if (!file)
    return failed(0);
  std::vector<std::byte> bytes;
  std::array<std::byte, 1 << 16> piece;
  while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), file.get()))
    bytes.insert(bytes.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got));
  if (std::ferror(file.get()) != 0)
    return failed(bytes.size());
  leave_out_rewritten(bytes, fileno(file.get()));
  return read_recording(std::span<const std::byte>(bytes), name);
}

bool is_being_recorded(const std::filesystem::path &path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return false;
  const bool is_held = flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close(descriptor);
  return is_held;
}

} // namespace coroscope::trace
