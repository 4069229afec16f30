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
    if (auto error = read_header(bytes_, found_.header, found_.kinds))
      return std::unexpected(*std::move(error));
    read_all();
    sort_events();
    return std::move(found_);
  }

private:
  void read_all();
  void read_block(std::uint64_t offset, const block_header &block, std::span<const std::byte> payload);
  void sort_events();

  std::span<const std::byte> bytes_;
  thread_list threads_;
  std::vector<std::uint64_t> sequences_; ///< of the blocks of events
  block_contents found_;
};

void block_reader::read_all() {
  const std::uint64_t size = bytes_.size();
  std::uint64_t next;
  for (std::uint64_t offset = found_.header.unit; offset < size; offset = next) {
    next = offset + found_.header.unit;
    block_header block{};
    std::memcpy(&block, bytes_.data() + offset, std::min<std::uint64_t>(sizeof block, size - offset));
    if (block.magic == 0)
      continue; // taken, and the process ended before it was filled
    const char *mistake =
        size - offset < sizeof block ? "no block begins here, where one should" : mistake_in(block, found_.header);
    if (mistake != nullptr) {
      found_.problems.add(offset, mistake);
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
    found_.command = read_command(payload);
  } else if (block.kind == block_kind::table) {
    auto table = read_table({reinterpret_cast<const char *>(payload.data()), payload.size()});
    if (table)
      found_.units.insert_or_assign(block.owner, *std::move(table));
    else
      found_.problems.add(offset, "the table of a unit's coroutines cannot be read");
  } else if (block.kind == block_kind::events) {
    found_.clocks.push_back(block.start);
    const std::uint32_t thread = threads_.index_of(block, found_.threads);
    std::vector<raw_event> &events = found_.events.emplace_back();
    sequences_.push_back(block.sequence);
    block_decoder decoder(block.start, thread, found_.kinds);
    if (const auto bad = decoder.decode(payload, events, found_.clocks))
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

} // namespace

std::optional<read_error> read_header(std::span<const std::byte> bytes, file_header &header, kind_table &kinds) {
  if (bytes.size() < sizeof(file_header))
    return read_error{bytes.size(), "the file is too short to be a recording"};
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != file_magic)
    return read_error{0, "this is not a recording: it does not begin with \"corotrc\""};
  if (header.version != file_version)
    return read_error{8, "the recording has format version " + std::to_string(header.version) +
                             ", this program reads version " + std::to_string(file_version) +
                             "; use the coroscope that the program was built with"};
  if (header.unit < 4096 || header.unit > 1u << 24 || header.unit % 4096 != 0)
    return read_error{12, "the block unit is " + std::to_string(header.unit) +
                              " bytes, expected a multiple of 4096 up to 16 MiB"};
  const std::uint64_t room = std::min<std::uint64_t>(header.unit, bytes.size()) - sizeof header;
  if (header.kinds_size > room)
    return read_error{88, "the table of event kinds is cut off"};
  kinds = read_kinds({reinterpret_cast<const char *>(bytes.data()) + sizeof header, header.kinds_size});
  return std::nullopt;
}

const char *mistake_in(const block_header &block, const file_header &header) {
  if (block.magic != block_magic)
    return "no block begins here, where one should";
  if (block.capacity == 0 || block.capacity % header.unit != 0 || block.committed > block.capacity - sizeof block)
    return "the sizes of a block make no sense";
  return nullptr;
}

std::vector<std::string> read_command(std::span<const std::byte> payload) {
  std::vector<std::string> command;
  std::string argument;
  for (const std::byte byte : payload) {
    if (byte != std::byte{0})
      argument.push_back(static_cast<char>(byte));
    else
      command.push_back(std::exchange(argument, {}));
  }
  if (!argument.empty())
    command.push_back(std::move(argument));
  return command;
}

std::uint32_t thread_list::index_of(const block_header &block, std::vector<recorded_thread> &threads) {
  const auto [place, is_new] = index_.try_emplace(block.owner, static_cast<std::uint32_t>(threads.size()));
  if (is_new)
    threads.emplace_back();
  recorded_thread &thread = threads[place->second];
  thread.os_id = block.os_thread;
  thread.name.assign(block.name.data(), strnlen(block.name.data(), block.name.size()));
  return place->second;
}

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
