// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recording that is read while it grows, each byte once.
//
//   FILE.corotrace --read_on(), again and again--> what is new of recorded_run
#pragma once

#include "run_builder.h"

#include <cstdio>
#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coroscope::trace {

class growing_recording {
public:
  explicit growing_recording(std::filesystem::path file, frame_namer name = {});

  /// The run with the events that were there when it was read last and were not given before, and all of its frames,
  /// coroutines and threads. Threads write independently, so that what is new may be followed by something earlier: it
  /// comes with the next reading. With `is_last` everything comes. Nothing but `problems` and the rest of the header
  /// is known only then. An error where the file is no recording, or not one yet.
  std::expected<const recorded_run *, read_error> read_on(bool is_last);

private:
  struct close_file {
    void operator()(std::FILE *file) const { std::fclose(file); }
  };

  /// A block of events that grows still, or whose events were not all given.
  struct open_block {
    std::uint64_t offset = 0;       ///< bytes
    std::vector<std::byte> payload; ///< never moves: events refer to it
    block_decoder decoder;
    std::vector<raw_event> events; ///< that were not given yet
    std::size_t settled = 0;       ///< how many of them the reading before had seen
    bool is_over = false;          ///< no more is read of it
    bool is_damaged = false;
  };

  std::optional<read_error> open();
  bool read_at(std::uint64_t offset, void *to, std::size_t size);
  void find_blocks();
  /// False: it is not whole yet.
  bool begin_block(std::uint64_t offset, const format::block_header &block);
  std::optional<std::vector<std::byte>> whole_payload(std::uint64_t offset, const format::block_header &block);
  void read_events(open_block &block);
  void give_events(bool is_last);
  void forget_blocks();

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, close_file> file_;
  format::file_header header_{};
  kind_table kinds_;
  thread_list threads_;
  problem_list problems_;
  run_builder builder_;
  std::uint64_t size_ = 0;                        ///< of the file, bytes
  std::uint64_t next_ = 0;                        ///< where a block may begin that was not found yet
  std::map<std::uint64_t, std::uint64_t> beyond_; ///< found behind that: capacity by offset
  std::map<std::uint64_t, open_block> blocks_;    ///< by sequence
  std::map<std::uint32_t, std::uint64_t> latest_; ///< sequence by number of the thread
  std::vector<format::clock_pair> clocks_;        ///< of one reading
};

} // namespace coroscope::trace
