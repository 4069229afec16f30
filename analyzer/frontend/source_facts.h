// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the source says about its coroutines: the model's own structs, and beside them the keys by which the lowering of
// each is found again. Plain values; nothing of Clang. File ids index `source_facts::files`.
#pragma once

#include "model/report.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace coroscope::frontend {

/// Something that code generation names by its presumed line (and column): a variable or a temporary.
struct named_object {
  std::string name; ///< empty for a temporary; "[x, y]" for the object of a structured binding
  std::string type;
  std::string record;    ///< name of its class, without scopes and template arguments; empty for other types
  std::string storage;   ///< "static" or "thread"; empty for an automatic one
  unsigned argument = 0; ///< number of the parameter, `this` counted, from 1; 0: it is none
  position key;          ///< as debug info gives it
  position first;        ///< of a temporary: the expression's first token, which is the other key it may go by
  std::optional<range> where;
  std::string text;  ///< of a temporary: the expression that makes it, as written
  std::string words; ///< of what the language declares by itself: "range of the for at 6:3"; else empty
  std::vector<member> members;
  bool is_empty = false;     ///< of an empty class
  bool is_suspended = false; ///< of a variable: a suspend point stands in its scope, behind its declaration
  /// Of a number, pointer, reference or class of such that is used, and whose uses all come before each such point.
  std::optional<range> last_use;
  std::optional<position> first_suspend; ///< the key of the point that comes behind its last use
};

/// What the body of a function holds.
struct body_facts {
  std::vector<named_object> variables;
  std::vector<named_object> temporaries;
  std::vector<named_object> expressions; ///< that are part of no other; a co_return counts as one
  /// Of calls that give a number or pointer, and of conversions between numbers, without name: type, by their place.
  std::vector<named_object> results;
};

/// By what the IR's suspend is matched with a point of the source.
struct point_key {
  position where;                   ///< presumed, of the keyword
  std::string await_suspend;        ///< symbol
  const void *expression = nullptr; ///< identity of the expression, for the frontend as long as it has the tree
};

struct coroutine_facts : body_facts {
  coroutine value;                            ///< without lowerings
  std::vector<point_key> keys;                ///< one for each of value.suspend_points
  std::map<std::string, std::string> symbols; ///< level -> the ramp's symbol in that level's module
};

enum class borrowed_kind { argument, object, closure };

/// What a call's coroutine only refers to: a temporary, which dies with the statement, or a variable of a function that
/// returns the call.
struct borrowed_argument {
  borrowed_kind kind = borrowed_kind::argument; ///< for a reference or view parameter, `this`, or a lambda's captures
  std::string name;                             ///< of the parameter; "this" for the others
  std::optional<range> declared;                ///< the parameter
  range where;                                  ///< of the temporary, or where the variable is named
  std::string variable;                         ///< empty for a temporary
  std::optional<std::uint64_t> pointer;         ///< of a view: the offset of what points to the object
};

/// A scoped lock whose scope holds a suspension behind it.
struct held_guard {
  std::size_t coroutine = 0; ///< into source_facts::coroutines
  std::string name, type;
  range where;
  std::optional<range> suspend; ///< the first one
};

/// The symbol that stands for the functions that initialise the unit's variables, which have none of their own.
inline constexpr const char *variable_initialiser = "__cxx_global_var_init";

/// A call, in any function of the unit or in the initialiser of a variable outside of functions, that makes or may make
/// a coroutine state.
struct coroutine_call {
  std::string caller; ///< as written, qualified; "x" for the initialiser of the variable x
  std::string callee;
  std::optional<std::size_t> caller_coroutine, callee_coroutine; ///< into source_facts::coroutines
  position key;                                                  ///< as debug info gives it
  /// Among the calls of one callee that have one key in one caller, as a macro makes them: which one it is, from 1 in
  /// the order in which they are made, and how many there are.
  unsigned ordinal = 1, of = 1;
  std::optional<range> where;
  bool is_defined = true;   ///< the callee's body is a coroutine of this unit; else only its return type is one's
  bool is_virtual = false;  ///< which function is called is known at run time only
  bool is_indirect = false; ///< through a pointer
  bool is_awaited = false;  ///< operand of a co_await, or the value of a variable that is
  bool is_repeated = false; ///< a coroutine that makes it may make it again before it ends
  bool is_kept = false;     ///< what it returns is part of an object or is returned: it outlives the statement
  /// Nobody takes what it returns, whose class has no destructor that could end the coroutine.
  bool is_dropped = false;
  std::vector<borrowed_argument> borrowed;
  std::map<std::string, std::set<std::string>> caller_symbols, callee_symbols; ///< by level
};

/// One translation unit, parsed.
struct source_facts {
  bool compiled = false; ///< false: an error is among the diagnostics and there are no lowerings
  std::vector<source_file> files;
  struct unit unit;
  std::vector<coroutine_facts> coroutines;
  std::vector<coroutine_call> calls;
  std::vector<held_guard> guards;
  std::map<std::string, body_facts> functions; ///< that were asked for, by symbol; objects without range
};

} // namespace coroscope::frontend
