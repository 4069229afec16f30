// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a run is put together from what the blocks hold: one list of coroutines, and which frame each event is about.
//
//   header, tables, clock pairs, events in time order --run_builder--> recorded_run
#pragma once

#include "awaits.h"
#include "blocks.h"
#include "frame_reader.h"
#include "live_frames.h"

#include <map>
#include <queue>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace coroscope::trace {

class run_builder {
public:
  explicit run_builder(frame_namer name) : name_(std::move(name)) {}
  run_builder(const run_builder &) = delete; // it holds references to itself
  run_builder &operator=(const run_builder &) = delete;

  void take_header(const format::file_header &header);
  /// Tables of units that it does not have yet.
  void take_units(std::map<std::uint32_t, unit_table> units);
  /// The longest stretch between time 0 and a clock pair gives the length of a tick.
  void take_clock(const format::clock_pair &pair);
  /// Events must come in the order of time; `block` is the number of theirs.
  void take_event(const raw_event &raw, std::size_t block);
  void forget_block(std::size_t block) { frames_.forget_block(block); }
  /// Nothing is left to be taken; what the header tells of it goes into `problems`.
  void finish(problem_list &problems);
  /// The events are taken away, with all that belongs to them.
  void forget_events();

  [[nodiscard]] recorded_run &run() { return result_; }
  void put_awaits() { awaits_.put_awaits(); }

private:
  /// The bytes of a frame, until the event comes that they belong to.
  struct pending_image {
    std::uint64_t address = 0;
    std::vector<std::byte> bytes;
    std::vector<memory_piece> memory; ///< what the frame's variables point to
  };

  void add_event(const raw_event &raw);
  void add_bytes(const raw_event &raw, recorded_event &event);
  [[nodiscard]] std::vector<held_frame> frames_in_promise(const std::vector<std::byte> &image,
                                                          const recorded_coroutine &coroutine) const;
  [[nodiscard]] std::optional<held_frame> owner_of(std::uint64_t word) const;
  [[nodiscard]] std::optional<std::uint32_t> final_point_of(std::uint32_t frame) const;
  void take_bytes(const raw_event &raw, std::size_t block);
  void take_memory(const raw_event &raw);
  void take_exception(recorded_event &event);
  void take_work(recorded_event &event);
  void take_point(const recorded_event &event, std::uint64_t address);
  std::optional<std::uint32_t> coroutine_of(const raw_event &event);
  std::uint32_t frame_of(const raw_event &event);
  [[nodiscard]] std::uint64_t time_of(std::uint64_t tick) const;

  frame_namer name_;
  format::file_header header_{};
  std::map<std::uint32_t, std::vector<std::optional<std::uint32_t>>> coroutine_index_; ///< by unit, by index
  std::map<std::tuple<std::string, std::string, std::string>, std::uint32_t> known_;   ///< coroutines
  std::uint64_t longest_ = 0;                                                          ///< ticks
  bool has_events_ = false;
  bool has_lost_tables_ = false; ///< an event is of a unit that is not there
  format::clock_pair scale_{1, 1};
  live_frames live_;
  frame_reader frames_;
  std::unordered_map<std::uint32_t, pending_image> images_; ///< by thread: of its next event
  std::unordered_map<std::uint64_t, std::uint32_t> posted_; ///< thread by address of the work that no loop took up yet
  std::set<std::uint32_t> threw_;                           ///< frames whose body an exception left
  std::map<std::uint32_t, std::size_t> cut_;                ///< bytes of the frames that were recorded, by coroutine
  recorded_run result_;
  await_finder awaits_{result_};
};

/// Visits the events of all blocks by time: take(event, block), and end(block) when a block's last one was taken. Each
/// block's are in order already; at the same tick the earlier block comes first.
template <class Take, class End>
void merge_by_time(const std::vector<std::span<const raw_event>> &blocks, Take take, End end) {
  using head = std::pair<std::uint64_t, std::size_t>; // tick and block
  std::priority_queue<head, std::vector<head>, std::greater<>> heads;
  std::vector<std::size_t> next(blocks.size(), 0);
  const auto push = [&](std::size_t block) {
    if (next[block] < blocks[block].size())
      heads.emplace(blocks[block][next[block]].tick, block);
    else
      end(block);
  };
  for (std::size_t block = 0; block < next.size(); ++block)
    push(block);
  while (!heads.empty()) {
    const std::size_t block = heads.top().second;
    heads.pop();
    take(blocks[block][next[block]++], block);
    push(block);
  }
}

} // namespace coroscope::trace
