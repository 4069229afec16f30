// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the lowering of one coroutine is, as read from LLVM: plain values that know neither the source tree nor LLVM.
// analyze.cpp joins them with the source facts; the instrumentation pass writes them into the program's own tables.
#pragma once

#include "model/report.h"
#include "trace/shape_kind.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace coroscope::lowering {

/// A place as debug info tells it: inlined code says where it was written, `inlined_at` where it went.
struct place {
  std::string file;
  position where;
  auto operator<=>(const place &) const = default;
};

/// One end of a reason, as in the report's `witness`.
struct lowered_witness {
  std::string what;
  std::optional<place> where;
  bool operator==(const lowered_witness &) const = default;
};

/// Why a value lives across points, as in the report's `why`.
struct lowered_why {
  std::vector<unsigned> across; ///< ordinals, ascending
  keep_reason reason = keep_reason::crosses;
  std::optional<lowered_witness> definition;
  std::optional<lowered_witness> use;
  bool repeats = false;
  bool operator==(const lowered_why &) const = default;
};

/// A function that was inlined, and where its call stood.
struct lowered_inline {
  std::string function; ///< as debug info names it
  std::string symbol;
  std::optional<place> call;
  bool operator==(const lowered_inline &) const = default;
};

struct lowered_suspend {
  unsigned ordinal = 0; ///< by instruction order; -g does not change it
  unsigned rank = 0;    ///< by source order, as far as debug info tells
  suspend_kind kind = suspend_kind::await;
  std::optional<place> where;
  std::string await_suspend;             ///< symbol of the await_suspend wrapper's callee; empty where unknown
  std::vector<std::uint32_t> indices;    ///< LLVM's resume indices; empty before the split
  std::optional<transfer_form> transfer; ///< where await_suspend returns a handle
  bool operator==(const lowered_suspend &) const = default;
};

using trace::shape_kind;

struct lowered_shape_member {
  std::string name;         ///< empty for a base class
  std::uint64_t offset = 0; ///< bytes
  unsigned shape = 0;       ///< into lowered_coroutine::shapes
  unsigned bit_offset = 0;  ///< of a bit-field, from `offset` on
  unsigned bit_size = 0;    ///< 0: no bit-field
  bool operator==(const lowered_shape_member &) const = default;
};

/// A type as a reader of bytes needs it.
struct lowered_shape {
  shape_kind kind = shape_kind::opaque;
  std::string name;
  std::uint64_t size = 0;          ///< bytes
  std::optional<unsigned> element; ///< of an array, a vector, an optional; what a pointer points to, if that is told
  std::uint64_t count = 0;         ///< elements of an array; offset of a variant's index, of a container's size,
                                   ///< of what a function has where it is not empty
  std::vector<lowered_shape_member> members;
  std::vector<std::pair<std::int64_t, std::string>> enumerators;
  bool operator==(const lowered_shape &) const = default;
};

/// A variable, temporary or value that lives in a field.
struct lowered_resident {
  field_kind kind = field_kind::unknown;
  std::string name;           ///< source variable, or LLVM's value name
  bool is_variable = false;   ///< `name` is a source variable
  bool is_parameter = false;  ///< of the coroutine itself
  bool is_inlined = false;    ///< of a function that was inlined into the coroutine
  unsigned argument = 0;      ///< number of the parameter that the variable is, from 1; 0: it is none
  bool is_class = false;      ///< the IR type is that of a class
  bool is_stack_slot = false; ///< an alloca; else an SSA value
  std::string type;           ///< from debug info, else the IR type
  std::string meaning;        ///< of a value that is no variable: "result of read", "value of n"; may be empty
  std::string about;          ///< LLVM's name of the temporary that `meaning` speaks of, with `about_words`
  std::string about_words;    ///< "the temporary guard"; both empty where it speaks of none
  unsigned twin = 0;          ///< of a temporary: how many of its type at its place are before it
  unsigned twins = 1;         ///< and how many there are
  /// The part of the variable that is kept, where it is not all of it: first byte and number of bytes.
  std::optional<std::pair<std::uint64_t, std::uint64_t>> part;
  std::optional<place> where;          ///< declaration, or the first instruction that makes it
  std::optional<unsigned> awaiter_of;  ///< ordinal of the point whose awaiter it is
  std::vector<lowered_inline> inlined; ///< for a value of inlined code: innermost function first
  std::string frame_of;                ///< symbol of the coroutine whose elided frame this is; empty for others
  std::uint64_t size = 0;              ///< bytes; 0 where they are not known when compiling
  std::optional<unsigned> shape;       ///< into lowered_coroutine::shapes; on request only
  std::vector<lowered_why> reasons;    ///< each point in one of them, by their first points
  std::vector<std::string> values;     ///< LLVM's names of the values that it stands for
  bool operator==(const lowered_resident &) const = default;
};

struct lowered_field {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  field_kind kind = field_kind::unknown;
  std::vector<lowered_resident> residents;
  bool operator==(const lowered_field &) const = default;
};

/// A variable that has no bytes in the frame, as in the report's `absent_variable`.
struct lowered_absence {
  std::string name;
  std::string type;
  std::optional<place> where; ///< declaration
  unsigned argument = 0;      ///< as in lowered_resident
  absence reason = absence::dead_before_suspend;
  std::optional<lowered_witness> last_use;
  std::optional<unsigned> before; ///< ordinal
  std::string detail;
  std::vector<std::string> kept_as; ///< LLVM's names of the values in the frame that it is, or is computed from
  bool operator==(const lowered_absence &) const = default;
};

/// Text of a function, and for its lines (from 0) the place that debug info gives them.
struct lowered_listing {
  std::string text;
  std::vector<std::pair<std::uint32_t, place>> places;
  bool operator==(const lowered_listing &) const = default;
};

/// One of the functions that the split made.
struct lowered_code {
  std::string symbol;                                     ///< empty where the split made none
  std::optional<lowered_listing> ir_before, ir, assembly; ///< on request only
  std::optional<std::uint64_t> stack_size;                ///< on request only
  bool operator==(const lowered_code &) const = default;
};

/// One call of a coroutine, as in the report's `elision`.
struct lowered_elision {
  std::string caller, callee; ///< symbols
  std::optional<place> call;
  unsigned ordinal = 1, of = 1; ///< among the calls of one callee at one place of one caller, in instruction order
  bool is_elided = false;
  std::optional<elision_rule> rule;
  std::string reason;
  std::optional<place> reason_where;
  std::optional<std::uint64_t> bytes;
  /// The same by the calls of the unit's own code that led to it, where a library made it: their callers, with
  /// `caller_name`, and places.
  std::vector<lowered_elision> hosts;
  std::string caller_name; ///< demangled
  bool operator==(const lowered_elision &) const = default;
};

struct lowered_coroutine {
  std::string symbol; ///< the ramp
  lowered_code ramp, resume, destroy, cleanup;
  std::uint64_t size = 0;
  std::uint64_t align = 0;
  std::vector<lowered_field> fields;     ///< tile [0, size)
  std::vector<lowered_suspend> suspends; ///< by ordinal
  std::vector<lowered_absence> absent;
  std::vector<lowered_shape> shapes; ///< on request only
  std::vector<std::string> problems;
  bool operator==(const lowered_coroutine &) const = default;
};

/// 16 hex digits over kinds and order of the points, size, align, field offsets and sizes. Names do not count, so -g
/// does not change it: the same hash says that a recording and a report are of the same lowering.
std::string layout_hash(const lowered_coroutine &coroutine);

} // namespace coroscope::lowering
