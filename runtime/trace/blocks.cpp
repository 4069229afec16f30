// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the blocks of a recording are found and taken apart. A block that makes no sense is left out and named; the next
// one is looked for at the next unit.
#include "blocks.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

namespace coroscope::trace {
namespace {

using namespace format;

constexpr std::size_t problem_limit = 100;

class block_reader {
public:
  explicit block_reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::expected<block_contents, read_error> run() {
    if (auto error = read_header())
      return std::unexpected(*std::move(error));
    read_all();
    sort_events();
    return std::move(found_);
  }

private:
  std::optional<read_error> read_header();
  void read_all();
  void read_block(std::uint64_t offset, const block_header &block, std::span<const std::byte> payload);
  void read_command(std::span<const std::byte> payload);
  void sort_events();
  std::uint32_t thread_of(const block_header &block);

  std::span<const std::byte> bytes_;
  std::map<std::uint32_t, std::uint32_t> threads_; ///< index by number
  std::vector<std::uint64_t> sequences_;           ///< of the blocks of events
  block_contents found_;
};

std::optional<read_error> block_reader::read_header() {
  if (bytes_.size() < sizeof(file_header))
    return read_error{bytes_.size(), "the file is too short to be a recording"};
  std::memcpy(&found_.header, bytes_.data(), sizeof found_.header);
  if (found_.header.magic != file_magic)
    return read_error{0, "this is not a recording: it does not begin with \"corotrc\""};
  if (found_.header.version != file_version)
    return read_error{8, "the recording has format version " + std::to_string(found_.header.version) +
                             ", this program reads version " + std::to_string(file_version) +
                             "; use the coroscope that the program was built with"};
  if (found_.header.unit < 4096 || found_.header.unit > 1u << 24 || found_.header.unit % 4096 != 0)
    return read_error{12, "the block unit is " + std::to_string(found_.header.unit) +
                              " bytes, expected a multiple of 4096 up to 16 MiB"};
  const std::uint64_t room = std::min<std::uint64_t>(found_.header.unit, bytes_.size()) - sizeof found_.header;
  if (found_.header.kinds_size > room)
    return read_error{88, "the table of event kinds is cut off"};
  found_.kinds =
      read_kinds({reinterpret_cast<const char *>(bytes_.data()) + sizeof found_.header, found_.header.kinds_size});
  return std::nullopt;
}

void block_reader::read_all() {
  const std::uint64_t size = bytes_.size();
  std::uint64_t next;
  for (std::uint64_t offset = found_.header.unit; offset < size; offset = next) {
    next = offset + found_.header.unit;
    block_header block{};
    std::memcpy(&block, bytes_.data() + offset, std::min<std::uint64_t>(sizeof block, size - offset));
    if (block.magic == 0)
      continue; // taken, and the process ended before it was filled
    if (block.magic != block_magic || size - offset < sizeof block) {
      found_.problems.add(offset, "no block begins here, where one should");
      continue;
    }
    if (block.capacity == 0 || block.capacity % found_.header.unit != 0 ||
        block.committed > block.capacity - sizeof block) {
      found_.problems.add(offset, "the sizes of a block make no sense");
      continue;
    }
    const std::uint64_t there = std::min(block.committed, size - offset - sizeof block);
    if (there < block.committed)
      found_.problems.add(offset, "a block is cut off at the end of the file");
    read_block(offset, block, bytes_.subspan(offset + sizeof block, there));
    next = block.capacity < size - offset ? offset + block.capacity : size;
  }
}

void block_reader::read_block(std::uint64_t offset, const block_header &block, std::span<const std::byte> payload) {
  if (block.kind == block_kind::command) {
    read_command(payload);
  } else if (block.kind == block_kind::table) {
    auto table = read_table({reinterpret_cast<const char *>(payload.data()), payload.size()});
    if (table)
      found_.units.insert_or_assign(block.owner, *std::move(table));
    else
      found_.problems.add(offset, "the table of a unit's coroutines cannot be read");
  } else if (block.kind == block_kind::events) {
    found_.clocks.push_back(block.start);
    const std::uint32_t thread = thread_of(block);
    std::vector<raw_event> &events = found_.events.emplace_back();
    sequences_.push_back(block.sequence);
    if (const auto bad = decode_events(payload, block.start, thread, found_.kinds, events, found_.clocks))
      found_.problems.add(offset + sizeof block + bad->offset, bad->reason);
  }
}

/// In a ring, blocks do not stand in the order they were taken.
void block_reader::sort_events() {
  std::vector<std::size_t> order(sequences_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t block) { return std::pair(sequences_[block], block); });
  std::vector<std::vector<raw_event>> sorted;
  for (const std::size_t block : order)
    sorted.push_back(std::move(found_.events[block]));
  found_.events = std::move(sorted);
}

void block_reader::read_command(std::span<const std::byte> payload) {
  std::string argument;
  for (const std::byte byte : payload) {
    if (byte != std::byte{0})
      argument.push_back(static_cast<char>(byte));
    else
      found_.command.push_back(std::exchange(argument, {}));
  }
  if (!argument.empty())
    found_.command.push_back(std::move(argument));
}

std::uint32_t block_reader::thread_of(const block_header &block) {
  const auto [place, is_new] = threads_.try_emplace(block.owner, static_cast<std::uint32_t>(found_.threads.size()));
  if (is_new)
    found_.threads.emplace_back();
  recorded_thread &thread = found_.threads[place->second];
  thread.os_id = block.os_thread;
  thread.name.assign(block.name.data(), strnlen(block.name.data(), block.name.size()));
  return place->second;
}

} // namespace

void problem_list::add(std::uint64_t offset, std::string_view text) {
  add("byte " + std::to_string(offset) + ": " + std::string(text));
}

void problem_list::add(std::string text) {
  if (texts_.size() < problem_limit)
    texts_.push_back(std::move(text));
  else
    ++left_out_;
}

std::vector<std::string> problem_list::take() {
  if (left_out_ != 0)
    texts_.push_back(std::to_string(left_out_) + " more problems");
  left_out_ = 0;
  return std::exchange(texts_, {});
}

std::expected<block_contents, read_error> read_blocks(std::span<const std::byte> bytes) {
  return block_reader(bytes).run();
}

} // namespace coroscope::trace
