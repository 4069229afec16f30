// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a report is: plain values, nothing of Clang, nothing of JSON.
//
//   source file --analyze()--> report --render/*--> text, json, html
//
// Every id is an index into the vector it names. Lines and columns are 1-based, columns count UTF-8 bytes.
// An absent std::optional means "not known" or "does not apply"; nothing unknown is written as 0 or "".
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coroscope {

/// The version of the JSON form of a report; documented in docs/report-schema.md.
inline constexpr const char *report_schema = "coroscope-report/1";

/// An index into one vector of the report; `Tag` keeps ids of different vectors apart.
template <class Tag> struct id {
  std::uint32_t value = 0;
  auto operator<=>(const id &) const = default;
};
using file_id = id<struct file_tag>;                   ///< into report::files
using unit_id = id<struct unit_tag>;                   ///< into report::units
using coroutine_id = id<struct coroutine_tag>;         ///< into report::coroutines
using suspend_point_id = id<struct suspend_point_tag>; ///< into coroutine::suspend_points

struct position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  auto operator<=>(const position &) const = default;
};

/// A half-open stretch of one source file: `end` is the position behind the last character.
struct range {
  file_id file;
  position begin;
  position end;
  /// Where a macro made this text: the places of its expansion, innermost first; empty outside macros.
  std::vector<struct range> expansions;
  bool operator==(const range &) const = default;
};

enum class token_kind { keyword, type, string, number, comment, preprocessor };

/// One lexical token that a reader may want coloured.
struct token {
  position begin;
  std::uint32_t length = 0; ///< bytes
  token_kind kind = token_kind::keyword;
  bool operator==(const token &) const = default;
};

struct source_file {
  std::string path;          ///< as the user would open it: relative to the working directory where below it
  std::string text;          ///< empty unless the report carries sources
  std::vector<token> tokens; ///< in order; empty unless the report carries sources
  bool operator==(const source_file &) const = default;
};

enum class severity { note, remark, warning, error, fatal };

struct diagnostic {
  severity level = severity::error;
  std::string message;
  std::optional<range> place;
  bool operator==(const diagnostic &) const = default;
};

/// One translation unit: what was compiled, by what, with which arguments.
struct unit {
  std::string file;
  std::string compiler;             ///< "clang 22.1.8"
  std::string triple;               ///< "x86_64-pc-linux-gnu"
  std::vector<std::string> command; ///< the driver command, program name first, without a level
  std::vector<diagnostic> diagnostics;
  std::vector<std::string> notes; ///< what the reader must know, e.g. that each level was parsed on its own
  bool operator==(const unit &) const = default;
};

enum class suspend_kind { initial, await, yield, final };

/// A function that the language chose, and where it was written.
struct chosen_function {
  std::string name; ///< qualified, with parameters
  std::optional<range> place;
  std::optional<std::string> type; ///< its return type
  bool operator==(const chosen_function &) const = default;
};

enum class awaiter_via { direct, await_transform, operator_co_await };
enum class await_suspend_result { void_, bool_, handle };

/// One point of the source where the coroutine may suspend, in source order, the final one last.
struct suspend_point {
  suspend_kind kind = suspend_kind::await;
  range where;
  std::string expression;     ///< source text; for the initial and final point the text the standard gives
  std::string awaitable_type; ///< of the operand
  std::string awaiter_type;   ///< of the object with await_ready, await_suspend and await_resume
  std::vector<awaiter_via> via;
  std::optional<chosen_function> await_ready;
  std::optional<chosen_function> await_suspend;
  std::optional<chosen_function> await_resume;
  await_suspend_result returns = await_suspend_result::void_;
  bool operator==(const suspend_point &) const = default;
};

/// A data member of a class type, with the layout of its own type below it.
struct member {
  std::uint64_t offset = 0; ///< bytes from the start of the object it is a member of
  std::uint64_t size = 0;   ///< bytes
  std::string name;         ///< a base class is named as ":Base"
  std::string type;
  std::vector<member> members;
  bool operator==(const member &) const = default;
};

struct promise_type {
  std::string type;
  std::optional<range> where;
  std::uint64_t size = 0;
  std::uint64_t align = 0;
  std::vector<member> members;
  std::optional<chosen_function> get_return_object, initial_suspend, final_suspend, return_value, return_void,
      unhandled_exception, operator_new, operator_delete;
  bool operator==(const promise_type &) const = default;
};

/// Why a value is kept in the frame, for one suspend point it lives across.
struct why {
  suspend_point_id across;
  bool operator==(const why &) const = default;
};

/// One source variable, temporary or value that lives in the bytes of a field.
struct resident {
  std::string name;                ///< the variable, or what the value is ("temporary", "awaiter of S1")
  std::optional<std::string> type; ///< as in the source
  std::optional<range> where;      ///< its declaration or the expression that makes it
  std::vector<member> members;
  std::vector<why> reasons;
  bool operator==(const resident &) const = default;
};

enum class field_kind {
  resume_fn,
  destroy_fn,
  promise,
  resume_index,
  param_copy,
  local,
  awaiter,
  temporary,
  spill,
  padding,
  unknown
};

/// A stretch of the frame. The fields of a frame, padding among them, tile [0, size).
struct field {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  field_kind kind = field_kind::unknown;
  std::vector<resident> residents; ///< several where LLVM lets values share a slot
  bool operator==(const field &) const = default;
};

struct frame {
  std::uint64_t size = 0;
  std::uint64_t align = 0;
  std::vector<field> fields; ///< ascending offset
  bool operator==(const frame &) const = default;
};

/// How one suspend point of the source stands in the code of one level.
struct lowered_point {
  suspend_point_id point;
  /// Position among the suspends of the IR before the optimiser ran; recorded events name a point by it.
  std::uint32_t ordinal = 0;
  /// LLVM's resume indices; none where the optimiser folded the point away, several where it copied it.
  std::vector<std::uint32_t> indices;
  bool operator==(const lowered_point &) const = default;
};

enum class function_kind { ramp, resume, destroy, cleanup };

struct lowered_function {
  function_kind kind = function_kind::ramp;
  std::string symbol;
  std::optional<std::string> ir; ///< ramp: before the split; others: right after it. On request only.
  bool operator==(const lowered_function &) const = default;
};

/// What one level made of the coroutine.
struct level_lowering {
  std::string level;  ///< "O0", "O1", "O2", "O3", "Os" or "Oz"
  std::string symbol; ///< the ramp's mangled name at this level; differs from coroutine::mangled for some lambdas
  std::optional<struct frame> frame;
  std::string layout_hash; ///< 16 hex digits: kinds and order of the points, size, align, field offsets and sizes
  std::vector<lowered_point> points;
  std::vector<lowered_function> functions;
  std::vector<std::string> problems; ///< what could not be known, in a sentence each
  bool operator==(const level_lowering &) const = default;
};

struct coroutine {
  unit_id unit;
  std::string name;    ///< as written, qualified, with its parameters
  std::string mangled; ///< the ramp's symbol
  range where;
  std::vector<std::string> template_args; ///< of an instantiation
  std::string return_type;
  promise_type promise;
  std::vector<suspend_point> suspend_points;
  std::vector<level_lowering> lowerings;
  bool operator==(const coroutine &) const = default;
};

// What a recorded run adds. Times are nanoseconds since the recording began.

struct traced_point {
  std::uint32_t ordinal = 0; ///< what events name it by
  std::uint32_t rank = 0;    ///< in source order: what a reader calls it, "S1"
  suspend_kind kind = suspend_kind::await;
  std::optional<position> where;         ///< absent in a build without -g
  std::optional<suspend_point_id> point; ///< of the joined coroutine
  bool operator==(const traced_point &) const = default;
};

/// A coroutine of the traced program; `joined` where the report holds the same lowering of it.
struct traced_coroutine {
  std::string mangled;
  std::string name;
  std::string file;
  std::uint32_t line = 0;
  std::uint64_t frame_size = 0;
  std::string layout_hash;
  std::optional<coroutine_id> joined;
  std::vector<traced_point> points; ///< by ordinal
  bool operator==(const traced_coroutine &) const = default;
};

/// One frame that existed during the run.
struct traced_frame {
  std::optional<std::uint32_t> coroutine; ///< into traced_run::coroutines; absent where only the loop spoke of it
  std::uint64_t address = 0;
  bool operator==(const traced_frame &) const = default;
};

/// One recorded event. `kind` is a name from docs/trace-format.md ("suspended", "poll_end", …); `a` and `b`
/// mean what that page says for the kind.
struct traced_event {
  std::uint64_t time = 0;
  std::uint32_t thread = 0; ///< into traced_run::threads
  std::string kind;
  std::optional<std::uint32_t> frame;  ///< into traced_run::frames
  std::optional<std::uint32_t> point;  ///< ordinal
  std::optional<std::uint32_t> target; ///< the frame, into traced_run::frames, that `a` is the address of
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  bool operator==(const traced_event &) const = default;
};

struct traced_run {
  std::vector<std::string> command;  ///< the program and its arguments
  std::optional<std::string> level;  ///< the level the program was built at, where known
  std::optional<int> exit_code;      ///< where it ended by itself
  std::optional<std::string> signal; ///< the name of the signal that ended it
  bool complete = true;              ///< false: the recording ends before the program did
  std::uint64_t lost_events = 0;
  std::vector<std::string> threads; ///< a name each
  std::vector<traced_coroutine> coroutines;
  std::vector<traced_frame> frames;
  std::vector<traced_event> events;  ///< ascending time
  std::vector<std::string> problems; ///< e.g. a coroutine whose layout is not the report's
  bool operator==(const traced_run &) const = default;
};

struct report {
  std::string tool; ///< "coroscope 0.1.0"
  std::vector<source_file> files;
  std::vector<unit> units;
  std::vector<coroutine> coroutines;
  std::optional<traced_run> trace;
  bool operator==(const report &) const = default;
};

} // namespace coroscope
