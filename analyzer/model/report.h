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
  std::optional<std::string> type; ///< its return type; a constructor has none
  bool operator==(const chosen_function &) const = default;
};

enum class awaiter_via { direct, await_transform, operator_co_await };
enum class await_suspend_result { void_, bool_, handle };

/// An object whose destructor runs, or the function that [[gnu::cleanup]] names; and where it was made.
struct destruction {
  std::string object;         ///< "g", "temporary make()", "parameter copy s", "promise"
  std::string destructor;     ///< qualified: "guard::~guard()"
  std::optional<range> place; ///< the object's declaration or the expression that makes it
  bool operator==(const destruction &) const = default;
};

/// One point of the source where the coroutine may suspend, in source order, the final one last.
struct suspend_point {
  suspend_kind kind = suspend_kind::await;
  range where;
  std::string expression;     ///< source text; for the initial and final point the text the standard gives
  std::string awaitable_type; ///< of the operand
  std::string awaiter_type;   ///< of the object with await_ready, await_suspend and await_resume
  std::vector<awaiter_via> via;
  std::optional<chosen_function> yield_value;       ///< of a co_yield: the call whose result is awaited
  std::optional<chosen_function> await_transform;   ///< where `via` has it
  std::optional<chosen_function> operator_co_await; ///< where `via` has it
  bool operator_is_member = false;                  ///< operator_co_await is a member of the awaitable
  std::optional<chosen_function> await_ready;
  std::optional<chosen_function> await_suspend;
  std::optional<chosen_function> await_resume;
  await_suspend_result returns = await_suspend_result::void_;
  std::string type; ///< of the whole expression; "void" where it gives nothing
  /// What destroy() runs while the coroutine is suspended here, in that order, the promise and the parameter copies
  /// last; trivial destructors are left out.
  std::vector<destruction> destroyed;
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
  std::string traits;                         ///< how it was found: "std::coroutine_traits<task<int>, int>"
  bool is_specialised = false;                ///< by a specialisation of coroutine_traits, not by R::promise_type
  std::optional<range> traits_where;          ///< of the specialisation
  std::optional<chosen_function> constructor; ///< absent of an aggregate, and where it is trivial and takes nothing
  bool takes_parameters = false;              ///< it is made with the coroutine's parameters
  std::uint64_t size = 0;
  std::uint64_t align = 0;
  std::vector<member> members;
  std::optional<chosen_function> get_return_object, initial_suspend, final_suspend, return_value, return_void,
      unhandled_exception, operator_new, operator_delete, allocation_failure;
  /// What makes the returned object out of what get_return_object gives, where the types differ.
  std::optional<chosen_function> conversion;
  bool new_is_member = false; ///< operator new was found in the promise
  bool new_takes_parameters = false;
  bool delete_is_sized = false;
  bool is_over_aligned = false; ///< new and delete get an alignment
  bool operator==(const promise_type &) const = default;
};

/// One end of a reason: something that happens to a value, and where.
struct witness {
  std::string what; ///< as a clause: "n is set", "read(n) is called", "~guard() runs", "the address goes to read(int&)"
  std::optional<range> place;
  bool operator==(const witness &) const = default;
};

/// What keeps a value: it is made before a suspend and used after it; somebody else may have its address; or the level
/// keeps every local.
enum class keep_reason {
  crosses,
  escapes,
  always,
  unproven ///< it lives across no point, which LLVM does not see
};

/// Why a value is kept in the frame, for the suspend points it lives across for the same reason. A value has at most
/// one reason for a point; its reasons are in the order of their first points.
struct why {
  std::vector<suspend_point_id> across; ///< ascending, at least one; none for `unproven`
  keep_reason reason = keep_reason::crosses;
  std::optional<witness> definition; ///< what made it before the suspend
  std::optional<witness> use;        ///< what needs it after; for `escapes`: what takes the address
  bool repeats = false;              ///< the way from the suspend leads back to where its life begins: a loop
  bool operator==(const why &) const = default;
};

/// A function whose code was inlined, and where its call stood.
struct inlined_call {
  std::string function;
  std::optional<range> call;
  bool operator==(const inlined_call &) const = default;
};

struct field;

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
  shared, ///< by several residents, each of a kind of its own
  padding,
  unknown
};

/// One source variable, temporary or value that lives in the bytes of a field.
struct resident {
  field_kind kind = field_kind::unknown;
  std::string name;                      ///< the variable, or what the value is ("temporary", "awaiter of S1")
  std::optional<std::uint64_t> size;     ///< bytes, from the field's offset on
  std::optional<std::string> type;       ///< as in the source
  std::optional<range> where;            ///< its declaration or the expression that makes it
  std::optional<std::string> expression; ///< source text of the expression that makes it, where no variable is declared
  std::vector<inlined_call> inlined;     ///< for a value of inlined code: innermost function first
  std::vector<member> members;
  /// For the frame of a callee that was elided into this one: whose frame it is, and its fields, offsets from its
  /// start.
  std::optional<std::string> frame_of;
  std::vector<struct field> fields;
  std::vector<why> reasons;
  std::optional<std::string> advice; ///< what would take it out of the frame: a sentence without full stop
  bool operator==(const resident &) const = default;
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

/// How the coroutine that await_suspend returned a handle of is resumed. A guaranteed tail call takes no stack.
enum class transfer_form {
  tail_call, ///< by a guaranteed tail call (musttail) of the resume function
  call,      ///< by a call, since the target guarantees no tail calls
  ramp_call  ///< by a call, since only the ramp does it, which goes on to return to its caller
};

/// How one suspend point of the source stands in the code of one level.
struct lowered_point {
  suspend_point_id point;
  /// Position among the suspends of the IR before the optimiser ran; recorded events name a point by it.
  std::uint32_t ordinal = 0;
  /// LLVM's resume indices; none where the optimiser folded the point away, several where it copied it.
  std::vector<std::uint32_t> indices;
  std::optional<transfer_form> transfer; ///< where await_suspend returns a handle
  bool operator==(const lowered_point &) const = default;
};

/// Why a variable of the source has no bytes in the frame.
enum class absence {
  dead_before_suspend, ///< it lives across no suspend
  constant,            ///< its value is known when compiling
  rematerialised,      ///< its value is computed again after the suspend
  optimised_out,       ///< no code computes it any more, or debug info does not say which does
  part_of_another,     ///< what it stands for is kept under another name
  not_automatic        ///< static or thread storage
};

/// A variable of the source that has no bytes in the frame.
struct absent_variable {
  std::string name;
  std::optional<std::string> type;
  std::optional<range> where;
  absence reason = absence::dead_before_suspend;
  std::optional<witness> last_use;        ///< of one that is dead before a suspend
  std::optional<suspend_point_id> before; ///< the first suspend that can follow the last use
  std::string detail;                     ///< "4", "n + 1", "no suspend point follows it in its scope"; may be empty
  bool operator==(const absent_variable &) const = default;
};

enum class function_kind { ramp, resume, destroy, cleanup };

/// Where a line of a listing comes from.
struct line_place {
  std::uint32_t line = 0; ///< of the listing, from 0
  file_id file;
  position where;
  bool operator==(const line_place &) const = default;
};

/// IR or assembly of one function: names demangled, lines that have a source tied to it.
struct listing {
  std::string text;
  std::vector<line_place> places; ///< ascending line
  bool operator==(const listing &) const = default;
};

struct lowered_function {
  function_kind kind = function_kind::ramp;
  std::string symbol;
  std::optional<listing> ir_before; ///< of the ramp: all of the coroutine, right before the split. On request only.
  std::optional<listing> ir;        ///< right after the split. On request only.
  std::optional<listing> assembly;  ///< on request only
  std::optional<std::uint64_t> stack_size; ///< bytes of its stack frame; on request only
  bool operator==(const lowered_function &) const = default;
};

/// What one level made of the coroutine.
struct level_lowering {
  std::string level;  ///< "O0", "O1", "O2", "O3", "Os" or "Oz"
  std::string symbol; ///< the ramp's mangled name at this level; differs from coroutine::mangled for some lambdas
  std::optional<struct frame> frame;
  std::string layout_hash; ///< 16 hex digits: kinds and order of the points, size, align, field offsets and sizes
  std::vector<lowered_point> points;
  std::vector<absent_variable> absent;
  std::vector<lowered_function> functions;
  std::vector<std::string> problems; ///< what could not be known, in a sentence each
  bool operator==(const level_lowering &) const = default;
};

/// How a parameter gets into the frame.
struct parameter_copy {
  std::string name; ///< empty for an unnamed one; "*this" for the object of a member function
  std::string type;
  std::optional<range> where;
  bool is_reference = false;                  ///< the reference is kept, not what it refers to
  std::optional<chosen_function> constructor; ///< the copy or move; absent where it is trivial
  bool is_move = false;
  bool operator==(const parameter_copy &) const = default;
};

/// A co_return, or the end of the body that is one.
struct co_return_statement {
  range where;
  bool is_implicit = false;            ///< flowing off the end
  std::optional<chosen_function> call; ///< return_value or return_void
  bool operator==(const co_return_statement &) const = default;
};

enum class view_line_kind { code, expansion, state, comment };

/// A line of the lowered view: the body with every expansion spelled out. A reconstruction, in C++-like text.
struct view_line {
  view_line_kind kind = view_line_kind::code; ///< code: as written; expansion: what the language adds
  std::uint32_t indent = 0;                   ///< levels
  std::string text;
  std::optional<range> where;            ///< what of the source it is or stems from
  std::optional<suspend_point_id> state; ///< for `state`: where the coroutine is resumed
  bool operator==(const view_line &) const = default;
};

struct coroutine {
  std::vector<unit_id> units; ///< that have it, the one it was read from first
  std::string name;           ///< as written, qualified, with its parameters
  std::string mangled;        ///< the ramp's symbol
  range where;
  std::vector<std::string> template_args; ///< of an instantiation
  std::string return_type;
  promise_type promise;
  std::vector<parameter_copy> parameters;
  std::vector<suspend_point> suspend_points;
  std::vector<co_return_statement> returns;
  std::vector<view_line> view;
  std::vector<level_lowering> lowerings;
  bool operator==(const coroutine &) const = default;
};

/// By which rule LLVM or Clang may put a callee's frame into its caller's: the handle is seen to be destroyed before
/// the caller ends (coro-elide), or the return type says that awaiting it is enough ([[clang::coro_await_elidable]]).
enum class elision_rule { halo, await_elidable };

/// One call of a coroutine, at one level: was the allocation of its frame elided?
struct elision {
  std::string level;
  std::string caller;                    ///< as written, qualified
  std::optional<coroutine_id> caller_id; ///< where the caller is a coroutine of the report
  std::string callee;
  std::optional<coroutine_id> callee_id;
  std::optional<range> call;
  bool is_elided = false;
  std::optional<elision_rule> rule; ///< that elided it, or that was tried
  std::string reason;               ///< the condition that failed or held, in a sentence without full stop
  std::optional<range> reason_where;
  std::optional<std::uint64_t> bytes; ///< that the caller's frame or stack holds for it, where elided
  bool operator==(const elision &) const = default;
};

/// A mistake or a waste that the facts prove.
struct hazard {
  std::string name; ///< "dangling-reference": what switches it off
  std::optional<coroutine_id> coroutine;
  std::string message; ///< a sentence without full stop
  range where;
  std::vector<witness> because;
  bool operator==(const hazard &) const = default;
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

/// A variable whose value a recording of frames can tell.
struct traced_variable {
  std::uint64_t offset = 0; ///< bytes from the frame's start
  std::string name;
  std::string type;
  bool operator==(const traced_variable &) const = default;
};

/// A coroutine of the traced program; `joined` where the report holds the same lowering of it.
struct traced_coroutine {
  std::string mangled;
  std::string name;
  std::string file;
  std::uint32_t line = 0;
  std::uint64_t frame_size = 0;
  std::string layout_hash;
  std::string build; ///< what compiled it, with its level; empty where not known
  std::optional<coroutine_id> joined;
  std::vector<traced_point> points; ///< by ordinal
  std::vector<traced_variable> variables;
  bool operator==(const traced_coroutine &) const = default;
};

/// One frame that existed during the run.
struct traced_frame {
  std::optional<std::uint32_t> coroutine; ///< into traced_run::coroutines; absent where only the loop spoke of it
  std::uint64_t address = 0;
  bool operator==(const traced_frame &) const = default;
};

/// Who made a frame go on where no coroutine did.
enum class outsider { unknown, loop, other_thread };

/// One recorded event. `kind` is a name from docs/trace-format.md ("suspended", "poll_end", …); `a` and `b`
/// mean what that page says for the kind.
struct traced_event {
  std::uint64_t time = 0;
  std::uint32_t thread = 0; ///< into traced_run::threads
  std::string kind;
  std::optional<std::uint32_t> frame;  ///< into traced_run::frames
  std::optional<std::uint32_t> point;  ///< ordinal
  std::optional<std::uint32_t> target; ///< the frame, into traced_run::frames, that `a` is the address of
  /// The frame, into traced_run::frames, that created, resumed or destroyed this one; absent where no coroutine did.
  std::optional<std::uint32_t> by;
  outsider resumer = outsider::unknown; ///< of a frame that is resumed and has no `by`
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  bool operator==(const traced_event &) const = default;
};

/// Bytes of a frame that are not what they were.
struct byte_change {
  std::uint64_t offset = 0; ///< bytes from the frame's start
  std::string bytes;        ///< two hex digits each
  bool operator==(const byte_change &) const = default;
};

struct traced_value {
  std::uint32_t variable = 0;      ///< into traced_coroutine::variables
  std::optional<std::string> text; ///< absent where it is not made yet or dead
  bool operator==(const traced_value &) const = default;
};

/// What the frame of an event holds at its moment, as a change to what was known before. Nothing is known of a frame at
/// first, and no variable has a value.
struct frame_contents {
  std::uint32_t event = 0; ///< into traced_run::events
  std::vector<byte_change> changes;
  std::vector<traced_value> values;
  bool operator==(const frame_contents &) const = default;
};

/// What says that a frame waits for another, the surest first: the program's event loop declared it; its await_suspend
/// returned the other's handle; the other's promise leads to it, as a handle or as a pointer to its promise; it was
/// resumed by the other as that ended.
enum class await_basis { declared, transfer, frame, resumed_by };

/// From event `begin` to event `end` one frame waits for another.
struct traced_await {
  std::uint32_t waiter = 0;         ///< into traced_run::frames
  std::uint32_t awaited = 0;        ///< into traced_run::frames
  std::uint32_t begin = 0;          ///< into traced_run::events
  std::optional<std::uint32_t> end; ///< absent where it waits still
  await_basis basis = await_basis::declared;
  bool operator==(const traced_await &) const = default;
};

struct traced_run {
  std::vector<std::string> command;  ///< the program and its arguments
  std::optional<std::string> level;  ///< the level the program was built at, where known
  std::optional<int> exit_code;      ///< where it ended by itself
  std::optional<std::string> signal; ///< the name of the signal that ended it
  bool complete = true;              ///< false: the recording ends before the program did
  std::uint64_t lost_events = 0;
  std::optional<std::uint64_t> overwritten_events; ///< of a ring: earlier ones that gave way to later ones
  std::vector<std::string> threads;                ///< a name each
  std::vector<traced_coroutine> coroutines;
  std::vector<traced_frame> frames;
  std::vector<traced_event> events;     ///< ascending time
  std::vector<traced_await> awaits;     ///< ascending begin; a suspension of which nothing is known has none
  std::vector<frame_contents> contents; ///< where frames were recorded too; ascending event
  std::vector<std::string> omissions;   ///< what a limit that was asked for left out, a sentence each
  std::vector<std::string> problems;    ///< e.g. a coroutine whose layout is not the report's
  bool operator==(const traced_run &) const = default;
};

struct report {
  std::string tool; ///< "coroscope 0.1.0"
  std::vector<source_file> files;
  std::vector<unit> units;
  std::vector<coroutine> coroutines;
  std::vector<elision> elisions;
  std::vector<hazard> hazards;
  std::optional<traced_run> trace;
  bool operator==(const report &) const = default;
};

} // namespace coroscope
