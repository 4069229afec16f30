// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//   bytes --read_blocks()--> block_contents --merge_by_time()--> run_builder --> recorded_run
#include "reader.h"

#include "blocks.h"
#include "run_builder.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace coroscope::trace {
namespace {

using namespace format;

recorded_run run_of(block_contents from, const frame_namer &name) {
  run_builder builder(name);
  recorded_run &run = builder.run();
  run.kinds = from.kinds.names;
  run.command = std::move(from.command);
  run.threads = std::move(from.threads);
  builder.take_header(from.header);
  builder.take_units(std::move(from.units));
  for (const clock_pair &pair : from.clocks)
    builder.take_clock(pair);
  const std::vector<std::span<const raw_event>> blocks(from.events.begin(), from.events.end());
  std::size_t events = 0;
  for (const std::span<const raw_event> block : blocks)
    events += block.size();
  run.events.reserve(events);
  merge_by_time(
      blocks, [&](const raw_event &event, std::size_t block) { builder.take_event(event, block); },
      [&](std::size_t block) {
        from.events[block] = {};
        builder.forget_block(block);
      });
  builder.finish(from.problems);
  return std::move(run);
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
  return run_of(*std::move(blocks), name);
}

std::expected<recorded_run, read_error> read_recording(const std::filesystem::path &path, const frame_namer &name) {
  const auto failed = [&](std::uint64_t offset) {
    return std::unexpected(read_error{offset, "cannot read " + path.string() + ": " + std::strerror(errno)});
  };
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored))
    return std::unexpected(read_error{0, "it is no regular file"});
  const std::unique_ptr<std::FILE, decltype([](std::FILE *file) { std::fclose(file); })> file(
      std::fopen(path.c_str(), "rb"));
  if (!file)
    return failed(0);
  std::vector<std::byte> bytes;
  std::array<std::byte, 1 << 16> piece;
  file_header header{};
  kind_table kinds;
  while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), file.get())) {
    const std::span<const std::byte> read(piece.data(), got);
    if (bytes.empty()) // a foreign file may be larger than memory
      if (auto error = read_header(read, header, kinds))
        return std::unexpected(*std::move(error));
    bytes.insert(bytes.end(), read.begin(), read.end());
  }
  if (std::ferror(file.get()) != 0)
    return failed(bytes.size());
  leave_out_rewritten(bytes, fileno(file.get()));
  return read_recording(std::span<const std::byte>(bytes), name);
}

bool holds_events(const std::filesystem::path &path) {
  const std::unique_ptr<std::FILE, decltype([](std::FILE *file) { std::fclose(file); })> file(
      std::fopen(path.c_str(), "rb"));
  const auto block_at = [&](std::uint64_t offset) {
    block_header block{};
    const bool is_there = pread(fileno(file.get()), &block, sizeof block, static_cast<off_t>(offset)) == sizeof block;
    return is_there && block.magic == block_magic ? block : block_header{};
  };
  file_header header{};
  if (!file || pread(fileno(file.get()), &header, sizeof header, 0) != sizeof header || header.magic != file_magic)
    return false;
  if (block_at(header.unit).kind == block_kind::events)
    return true;
  const std::uint64_t command = header.unit + header.ring;
  return block_at(command + block_at(command).capacity).magic == block_magic;
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
