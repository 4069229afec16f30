// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recorded run in the report's terms, and its place beside the lowerings.
//
//   FILE.corotrace --read_run()--> traced_run --join_run()--> report with a trace
#pragma once

#include "model/report.h"

#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace coroscope {

/// Error: a sentence that names the file and the place in it.
std::expected<traced_run, std::string> read_run(const std::filesystem::path &file);

/// A recording that is read while a program makes it, each event once.
class growing_run {
public:
  explicit growing_run(const std::filesystem::path &file);
  ~growing_run();
  growing_run(const growing_run &) = delete;
  growing_run &operator=(const growing_run &) = delete;

  /// The run, of whose events those that the reading before gave are taken away. With `is_last`, the rest of the
  /// events. The caller may take the run apart if it gives it back before it reads on.
  std::expected<traced_run *, std::string> read_on(bool is_last);

private:
  struct reading;
  std::unique_ptr<reading> reading_;
};

/// Whether a program is recording into the file at this moment.
bool is_being_recorded(const std::filesystem::path &file);

/// Whether the file is there and more was recorded than that a program ran.
bool holds_events(const std::filesystem::path &file);

/// The names of the events that a recording can hold.
const std::vector<std::string> &trace_kinds();

/// Puts `run` into `report`. A traced coroutine is joined to the lowering of the same symbol and layout; one whose
/// layout is another is left alone and named in the run's problems.
void join_run(traced_run run, report &report);

} // namespace coroscope
