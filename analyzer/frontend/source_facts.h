// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the source says about its coroutines: the model's own structs, and beside them the keys by which the lowering of
// each is found again. Plain values; nothing of Clang. File ids index `source_facts::files`.
#pragma once

#include "model/report.h"

#include <map>
#include <string>
#include <vector>

namespace coroscope::frontend {

/// Something that code generation names by its presumed line (and column): a variable or a temporary.
struct named_object {
  std::string name; ///< empty for a temporary; "[x, y]" for the object of a structured binding
  std::string type;
  std::string record;    ///< name of its class, without scopes and template arguments; empty for other types
  unsigned argument = 0; ///< number of the parameter, `this` counted, from 1; 0: it is none
  position key;          ///< as debug info gives it
  position first;        ///< of a temporary: the expression's first token, which is the other key it may go by
  std::optional<range> where;
  std::string text;  ///< of a temporary: the expression that makes it, as written
  std::string words; ///< of what the language declares by itself: "range of the for at 6:3"; else empty
  std::vector<member> members;
};

/// By what the IR's suspend is matched with a point of the source.
struct point_key {
  position where;            ///< presumed, of the keyword
  std::string await_suspend; ///< symbol
};

struct coroutine_facts {
  coroutine value;             ///< without lowerings
  std::vector<point_key> keys; ///< one for each of value.suspend_points
  std::vector<named_object> variables;
  std::vector<named_object> temporaries;
  std::vector<named_object> expressions;      ///< that are part of no other; a co_return counts as one
  std::map<std::string, std::string> symbols; ///< level -> the ramp's symbol in that level's module
};

/// One translation unit, parsed.
struct source_facts {
  bool compiled = false; ///< false: an error is among the diagnostics and there are no lowerings
  std::vector<source_file> files;
  struct unit unit;
  std::vector<coroutine_facts> coroutines;
};

} // namespace coroscope::frontend
