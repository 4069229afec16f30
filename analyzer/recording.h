// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recorded run in the report's terms, and its place beside the lowerings.
//
//   FILE.corotrace --read_run()--> traced_run --join_run()--> report with a trace
#pragma once

#include "model/report.h"

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace coroscope {

/// Error: a sentence that names the file and the place in it.
std::expected<traced_run, std::string> read_run(const std::filesystem::path &file);

/// Whether a program is recording into the file at this moment.
bool is_being_recorded(const std::filesystem::path &file);

/// The names of the events that a recording can hold.
const std::vector<std::string> &trace_kinds();

/// Puts `run` into `report`. A traced coroutine is joined to the lowering of the same symbol and layout; one whose
/// layout is another is left alone and named in the run's problems.
void join_run(traced_run run, report &report);

} // namespace coroscope
