// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a recorded run is told in, whatever the format: names of frames and points, durations, what an event says.
#pragma once

#include "model/report.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coroscope::render {

/// Null where the frame, or its coroutine, is not known.
const traced_coroutine *coroutine_of(const traced_run &run, std::optional<std::uint32_t> frame);

/// As the report labels it where the coroutine is joined, else by its place in source order; "S" and the ordinal for a
/// point that is in no table.
std::string point_label(const traced_coroutine &coroutine, std::uint32_t ordinal);

/// "child#2": the coroutine's plain name and the number of the frame, from 1.
std::string frame_label(const traced_run &run, std::uint32_t frame);

/// "suspended at S1".
std::string what(const traced_run &run, const traced_event &event);

/// What the event says beyond its kind, frame and point: "fd 5 readable"; may be empty.
std::string details(const traced_run &run, const traced_event &event);

/// "awaits child#2 (transfers to it)": whom, and what that rests on.
std::string await_words(const traced_run &run, const traced_await &one);

/// "a.cpp:12:3" of the point, else of the coroutine; empty where unknown.
std::string place(const traced_coroutine &coroutine, std::optional<std::uint32_t> ordinal);

/// "12.3 µs", with the unit that fits.
std::string duration(std::uint64_t ns);

/// A sentence for each way in which events of the run, or what its frames held, are not in the recording.
std::vector<std::string> missing_events(const traced_run &run);

/// A sentence for each thing that cannot be told as coroutines were compiled without debug information.
std::vector<std::string> missing_debug_info(const traced_run &run);

} // namespace coroscope::render
