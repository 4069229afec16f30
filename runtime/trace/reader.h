// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a recording says, as plain values.
//
//   FILE.corotrace --read_recording()--> recorded_run { threads, coroutines, frames, events in time order, problems }
//
// A recording that was cut off by a crash is read as far as it goes. Only a file that is no recording at all is an
// error; what is damaged inside one is left out and named in `problems`.
#pragma once

#include "coroscope/trace.h"

#include "shape.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace coroscope::trace {

struct source_position {
  std::uint32_t line = 0;   ///< 1-based
  std::uint32_t column = 0; ///< 1-based, bytes
  bool operator==(const source_position &) const = default;
};

/// A suspend point of a recorded coroutine. A point that the optimiser removed is absent.
struct recorded_point {
  std::uint32_t ordinal = 0; ///< what events name it by
  std::uint32_t rank = 0;    ///< its place in source order
  std::string kind;          ///< "initial", "await", "yield" or "final"
  std::optional<std::string> file;
  std::optional<source_position> where; ///< absent in a build without -g
  bool operator==(const recorded_point &) const = default;
};

/// A variable or value that lives in a field.
struct recorded_resident {
  std::string name;
  std::string type;
  std::optional<std::uint32_t> shape; ///< into recorded_coroutine::shapes; absent where its bytes cannot be read
  std::vector<std::uint32_t> alive;   ///< ordinals of the points at which it has a value
  bool operator==(const recorded_resident &) const = default;
};

/// A stretch of the frame of a recorded coroutine.
struct recorded_field {
  std::uint64_t offset = 0; ///< bytes
  std::uint64_t size = 0;   ///< bytes
  std::string kind;         ///< as field_kind in docs/report-schema.md
  std::vector<recorded_resident> residents;
  bool operator==(const recorded_field &) const = default;
};

/// A coroutine of the program. Copies of one coroutine in several units are one if their layouts are the same.
struct recorded_coroutine {
  std::string mangled;
  std::string name; ///< demangled
  std::string file;
  std::optional<std::uint32_t> line;
  std::uint64_t frame_size = 0;  ///< bytes
  std::uint64_t frame_align = 0; ///< bytes
  std::string layout_hash;       ///< 16 hex digits
  std::string compiler;          ///< of the unit that it is from; empty where not known
  std::string level;             ///< of the unit: "O2"; empty where not known
  std::vector<recorded_field> fields;
  std::vector<recorded_point> points;
  std::vector<recorded_shape> shapes;
  bool operator==(const recorded_coroutine &) const = default;
};

/// One frame that existed during the run: from its frame_created to its frame_freed.
struct recorded_frame {
  std::uint64_t address = 0;
  std::optional<std::uint32_t> coroutine; ///< into recorded_run::coroutines; absent where only a loop spoke of it
  bool created = false;                   ///< its beginning was recorded
  bool freed = false;                     ///< its end was recorded
  bool operator==(const recorded_frame &) const = default;
};

/// What a variable holds, as text; absent where it has no value at the moment, as it is not made yet or dead.
struct recorded_value {
  std::uint32_t field = 0;    ///< into recorded_coroutine::fields
  std::uint32_t resident = 0; ///< into recorded_field::residents
  std::optional<std::string> text;
  bool operator==(const recorded_value &) const = default;
};

/// A frame, into recorded_run::frames, that a promise leads to: by its handle, or by the address of its promise.
struct held_frame {
  std::uint32_t frame = 0;
  bool is_handle = false;
  bool operator==(const held_frame &) const = default;
};

/// What changed in a frame since the last time that its bytes were recorded; all that is known, the first time.
struct recorded_bytes {
  std::vector<std::pair<std::uint32_t, std::vector<std::byte>>> changes; ///< offset and bytes, ascending
  std::vector<recorded_value> values;
  std::vector<held_frame> holds; ///< what its promise leads to
  bool operator==(const recorded_bytes &) const = default;
};

/// Who made a frame go on where no coroutine did.
enum class outsider { unknown, loop, other_thread };

struct recorded_event {
  std::uint64_t time = 0; ///< ns since the recording began
  std::uint64_t a = 0;    ///< docs/trace-format.md says what a and b mean for each kind
  std::uint64_t b = 0;
  std::optional<std::uint32_t> frame;  ///< into recorded_run::frames
  std::optional<std::uint32_t> target; ///< the frame, into recorded_run::frames, whose address `a` is
  std::optional<std::uint32_t> point;  ///< ordinal
  std::uint32_t thread = 0;            ///< into recorded_run::threads
  event_kind kind{};                   ///< `transferred` is a `resumed` whose `by` handed the thread over
  std::optional<std::uint32_t> bytes;  ///< into recorded_run::bytes: of the frame, at this moment
  /// The frame, into recorded_run::frames, that created, resumed or destroyed this event's; absent where no coroutine
  /// did. A suspended one did it in its await_suspend.
  std::optional<std::uint32_t> by;
  outsider resumer = outsider::unknown; ///< of a frame that is resumed and has no `by`
  bool operator==(const recorded_event &) const = default;
};

/// What says that a frame waits for another, the surest first.
enum class await_basis {
  declared,  ///< the program's event loop said so
  transfer,  ///< the waiting frame's await_suspend returned the other's handle
  frame,     ///< the other's promise holds the waiting frame's handle, or the address of its promise
  resumed_by ///< the waiting frame was resumed by the other as that ended
};

/// From `begin` to `end`, events both, one frame waits for another.
struct recorded_await {
  std::uint32_t waiter = 0;  ///< into recorded_run::frames
  std::uint32_t awaited = 0; ///< into recorded_run::frames
  std::uint32_t begin = 0;
  std::optional<std::uint32_t> end; ///< absent where it waits still
  await_basis basis = await_basis::declared;
  bool operator==(const recorded_await &) const = default;
};

struct recorded_thread {
  std::uint32_t os_id = 0;
  std::string name; ///< as the thread was last called; may be empty
  bool operator==(const recorded_thread &) const = default;
};

struct recorded_run {
  std::uint32_t pid = 0;
  std::uint64_t start_realtime = 0;          ///< ns since 1970
  std::vector<std::string> command;          ///< program and arguments
  std::vector<std::string> levels;           ///< at which the units were compiled ("O2"), each once
  std::optional<int> exit_status;            ///< of a program that ended through exit() or main
  bool complete = false;                     ///< the recording goes to the end of the program
  std::uint64_t lost = 0;                    ///< events that could not be recorded
  std::uint64_t overwritten = 0;             ///< earlier events that gave way to later ones, in a ring
  std::uint64_t ring = 0;                    ///< bytes of the ring; 0: none
  std::uint32_t parent = 0;                  ///< process that this one was forked from as it was recorded; 0: none
  std::array<std::string, kind_limit> kinds; ///< name by number; empty where there is no such kind
  std::vector<recorded_thread> threads;
  std::vector<recorded_coroutine> coroutines;
  std::vector<recorded_frame> frames;
  std::vector<recorded_event> events; ///< ascending time
  std::vector<recorded_bytes> bytes;
  std::vector<recorded_await> awaits; ///< ascending begin; a suspension of which nothing is known has none
  std::vector<std::string> omissions; ///< what a limit that was asked for left out, a sentence each
  std::vector<std::string> problems;  ///< what is missing or damaged, a sentence each

  [[nodiscard]] const std::string &kind_name(const recorded_event &event) const {
    return kinds[static_cast<std::size_t>(event.kind)];
  }
};

struct read_error {
  std::uint64_t offset = 0; ///< bytes from the start of the file
  std::string reason;
};

/// What a value that leads to a frame calls it. Without one, "#" and its index stand for it.
using frame_namer = std::function<std::string(const recorded_run &, std::uint32_t frame)>;

/// Reads the bytes of a recording.
std::expected<recorded_run, read_error> read_recording(std::span<const std::byte> bytes, const frame_namer &name = {});

/// Reads a file, also while it is being recorded.
std::expected<recorded_run, read_error> read_recording(const std::filesystem::path &file, const frame_namer &name = {});

/// Whether the file is there and has a unit's table or a block of events.
bool holds_events(const std::filesystem::path &file);

/// Whether a recorder holds the file at this moment.
bool is_being_recorded(const std::filesystem::path &file);

} // namespace coroscope::trace
