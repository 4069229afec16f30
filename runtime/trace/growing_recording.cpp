// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "growing_recording.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace coroscope::trace {

using namespace format;

growing_recording::growing_recording(std::filesystem::path file, frame_namer name)
    : path_(std::move(file)), builder_(std::move(name)) {}

std::expected<const recorded_run *, read_error> growing_recording::read_on(bool is_last) {
  builder_.forget_events();
  if (auto error = open())
    return std::unexpected(*std::move(error));
  struct stat status{};
  if (fstat(fileno(file_.get()), &status) != 0)
    return std::unexpected(read_error{0, "cannot read " + path_.string() + ": " + std::strerror(errno)});
  builder_.take_header(header_);
  size_ = static_cast<std::uint64_t>(status.st_size);
  find_blocks();
  for (auto &[sequence, block] : blocks_)
    read_events(block);
  for (const clock_pair &pair : clocks_)
    builder_.take_clock(pair);
  clocks_.clear();
  give_events(is_last);
  forget_blocks();
  if (is_last)
    builder_.finish(problems_);
  else
    builder_.put_awaits();
  return &builder_.run();
}

/// Reads the header anew: most of it changes.
std::optional<read_error> growing_recording::open() {
  if (!file_)
    file_.reset(std::fopen(path_.c_str(), "rb"));
  if (!file_)
    return read_error{0, "cannot read " + path_.string() + ": " + std::strerror(errno)};
  std::vector<std::byte> bytes(sizeof(file_header) + 4096);
  const ssize_t got = pread(fileno(file_.get()), bytes.data(), bytes.size(), 0);
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  file_header header{};
  kind_table kinds;
  auto error = read_header(bytes, header, kinds);
  if (!error && next_ != 0 && (header.pid != header_.pid || header.start_realtime != header_.start_realtime))
    return read_error{16, "another program records into the file now"};
  if (error) {
    if (next_ == 0)
      file_.reset(); // it may be another file by the time that it is a recording
    return error;
  }
  header_ = header;
  if (next_ != 0)
    return std::nullopt;
  next_ = header.unit;
  kinds_ = std::move(kinds);
  builder_.run().kinds = kinds_.names;
  return std::nullopt;
}

bool growing_recording::read_at(std::uint64_t offset, void *to, std::size_t size) {
  return pread(fileno(file_.get()), to, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}

/// Blocks are taken in the order in which they stand, but not filled in it.
void growing_recording::find_blocks() {
  bool is_gapless = true;
  std::uint64_t after;
  for (std::uint64_t offset = next_; offset < size_; offset = after) {
    after = offset + header_.unit;
    std::uint64_t capacity = 0;
    if (const auto known = beyond_.find(offset); known != beyond_.end()) {
      capacity = known->second;
    } else {
      block_header block{};
      const bool is_there = read_at(offset, &block, sizeof block) && block.magic != 0;
      const char *mistake = is_there ? mistake_in(block, header_) : nullptr;
      if (mistake != nullptr)
        problems_.add(offset, mistake);
      if (mistake != nullptr)
        capacity = header_.unit;
      else if (is_there && begin_block(offset, block))
        capacity = block.capacity;
      else if (is_there)
        after = offset + std::min(block.capacity, size_);
    }
    if (capacity != 0)
      after = offset + std::min(capacity, size_);
    is_gapless = is_gapless && capacity != 0;
    if (is_gapless) {
      next_ = after;
      beyond_.erase(offset);
    } else if (capacity != 0) {
      beyond_[offset] = capacity;
    }
  }
}

std::optional<std::vector<std::byte>> growing_recording::whole_payload(std::uint64_t offset,
                                                                       const block_header &block) {
  std::vector<std::byte> payload(std::min(block.committed, size_));
  if (payload.empty() || !read_at(offset + sizeof block, payload.data(), payload.size()))
    return std::nullopt;
  return payload;
}

bool growing_recording::begin_block(std::uint64_t offset, const block_header &block) {
  if (block.kind == block_kind::events) {
    builder_.take_clock(block.start);
    const std::uint32_t thread = threads_.index_of(block, builder_.run().threads);
    open_block opened{.offset = offset, .payload = {}, .decoder = {block.start, thread, kinds_}, .events = {}};
    opened.payload.reserve(std::min(block.capacity, size_ - offset) - sizeof block);
    blocks_.try_emplace(block.sequence, std::move(opened));
    std::uint64_t &latest = latest_[block.owner];
    if (const auto before = blocks_.find(latest); before != blocks_.end() && latest < block.sequence)
      before->second.is_over = true; // what it holds now is all that it will hold
    latest = std::max(latest, block.sequence);
    return true;
  }
  if (block.kind != block_kind::command && block.kind != block_kind::table)
    return true;
  const auto payload = whole_payload(offset, block);
  if (!payload)
    return false;
  if (block.kind == block_kind::command) {
    builder_.run().command = read_command(*payload);
  } else if (auto table = read_table({reinterpret_cast<const char *>(payload->data()), payload->size()})) {
    std::map<std::uint32_t, unit_table> units;
    units.emplace(block.owner, *std::move(table));
    builder_.take_units(std::move(units));
  } else {
    problems_.add(offset, "the table of a unit's coroutines cannot be read");
  }
  return true;
}

void growing_recording::read_events(open_block &block) {
  block.settled = block.events.size();
  block_header header{};
  if (block.is_damaged || !read_at(block.offset, &header, sizeof header))
    return;
  const std::size_t before = block.payload.size();
  const std::size_t now = std::min<std::size_t>(header.committed, block.payload.capacity());
  if (now <= before)
    return;
  block.payload.resize(now);
  if (!read_at(block.offset + sizeof header + before, block.payload.data() + before, now - before)) {
    block.payload.resize(before);
    return;
  }
  if (const auto bad = block.decoder.decode(block.payload, block.events, clocks_)) {
    problems_.add(block.offset + sizeof header + bad->offset, bad->reason);
    block.is_over = block.is_damaged = true;
  }
}

/// Up to the last event that the reading before had seen; what has come since may stand before it.
void growing_recording::give_events(bool is_last) {
  std::uint64_t horizon = 0;
  for (const auto &[sequence, block] : blocks_)
    if (block.settled != 0)
      horizon = std::max(horizon, block.events[block.settled - 1].tick + 1);
  std::vector<std::uint64_t> sequences;
  std::vector<std::span<const raw_event>> given;
  for (const auto &[sequence, block] : blocks_) {
    const auto end =
        is_last ? block.events.end() : std::ranges::lower_bound(block.events, horizon, {}, &raw_event::tick);
    sequences.push_back(sequence);
    given.emplace_back(block.events.begin(), end);
  }
  merge_by_time(
      given, [&](const raw_event &event, std::size_t block) { builder_.take_event(event, sequences[block]); },
      [](std::size_t) {});
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::vector<raw_event> &events = blocks_.at(sequences[i]).events;
    events.erase(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(given[i].size()));
  }
}

void growing_recording::forget_blocks() {
  std::erase_if(blocks_, [&](const auto &entry) {
    const auto &[sequence, block] = entry;
    if (!block.is_over || !block.events.empty())
      return false;
    builder_.forget_block(sequence);
    return true;
  });
}

} // namespace coroscope::trace
