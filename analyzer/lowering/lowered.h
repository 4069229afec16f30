// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the lowering of one coroutine is, as read from LLVM: plain values that know neither the source tree nor LLVM.
// analyze.cpp joins them with the source facts; the instrumentation pass writes them into the program's own tables.
#pragma once

#include "model/report.h"

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
  bool operator==(const place &) const = default;
};

struct lowered_suspend {
  unsigned ordinal = 0; ///< by instruction order; -g does not change it
  unsigned rank = 0;    ///< by source order, as far as debug info tells
  suspend_kind kind = suspend_kind::await;
  std::optional<place> where;
  std::string await_suspend;          ///< symbol of the await_suspend wrapper's callee; empty where unknown
  std::vector<std::uint32_t> indices; ///< LLVM's resume indices; empty before the split
  bool operator==(const lowered_suspend &) const = default;
};

/// A variable, temporary or value that lives in a field.
struct lowered_resident {
  std::string name;           ///< source variable, or LLVM's value name
  bool is_variable = false;   ///< `name` is a source variable
  bool is_parameter = false;  ///< of the coroutine itself
  bool is_inlined = false;    ///< of a function that was inlined into the coroutine
  unsigned argument = 0;      ///< number of the parameter that the variable is, from 1; 0: it is none
  bool is_class = false;      ///< the IR type is that of a class
  bool is_stack_slot = false; ///< an alloca; else an SSA value
  std::string type;           ///< from debug info, else the IR type
  std::string meaning;        ///< of a value that is no variable: "result of read", "value of n"; may be empty
  /// The part of the variable that is kept, where it is not all of it: first byte and number of bytes.
  std::optional<std::pair<std::uint64_t, std::uint64_t>> part;
  std::optional<place> where;         ///< declaration, or the first instruction that makes it
  std::optional<unsigned> awaiter_of; ///< ordinal of the point whose awaiter it is
  std::vector<unsigned> across;       ///< ordinals of the points it lives across
  bool operator==(const lowered_resident &) const = default;
};

struct lowered_field {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  field_kind kind = field_kind::unknown;
  std::vector<lowered_resident> residents;
  bool operator==(const lowered_field &) const = default;
};

struct lowered_coroutine {
  std::string symbol;                   ///< the ramp
  std::string resume, destroy, cleanup; ///< symbols; empty where the split made none
  std::uint64_t size = 0;
  std::uint64_t align = 0;
  std::vector<lowered_field> fields;     ///< tile [0, size)
  std::vector<lowered_suspend> suspends; ///< by ordinal
  std::vector<std::string> problems;
  std::string ir_before, ir_resume, ir_destroy, ir_cleanup; ///< on request only
  bool operator==(const lowered_coroutine &) const = default;
};

/// 16 hex digits over kinds and order of the points, size, align, field offsets and sizes. Names do not count, so -g
/// does not change it: the same hash says that a recording and a report are of the same lowering.
std::string layout_hash(const lowered_coroutine &coroutine);

} // namespace coroscope::lowering
