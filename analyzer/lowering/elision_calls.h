// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which call of the source is a piece of IR? It is known by its caller, callee and place, and where a macro makes
// several calls at one place by a number that is written into its debug info before any pass runs.
#pragma once

#include "lowering/lowered.h"

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>

#include <map>
#include <optional>
#include <set>
#include <string>

namespace llvm {
class CallBase;
class CoroIdInst;
class DILocation;
class Function;
class Instruction;
class Module;
} // namespace llvm

namespace coroscope::lowering {

/// The symbol that stands for all functions that initialise variables.
inline constexpr const char *variable_initialiser = "__cxx_global_var_init";

struct call_key {
  std::string caller, callee; ///< symbols
  place where;
  unsigned ordinal = 1; ///< among the calls of one callee at one place of one caller
  auto operator<=>(const call_key &) const = default;
};

/// Where a call ended: in its caller, or in a function into which the caller was inlined.
struct call_host {
  std::string function;
  place where; ///< of the code in that function
  auto operator<=>(const call_host &) const = default;
};

/// Parts of a split coroutine are one function to the reader, and so are those that initialise variables.
std::string host_name(llvm::StringRef function);

class call_places {
public:
  /// Tells the calls of `ramps` apart that debug info gives one place. Before any pass ran.
  void number(llvm::Module &module, const std::set<std::string> &ramps);

  /// The call of `callee` that `location`, a place of the caller, belongs to.
  [[nodiscard]] std::optional<call_key> key_at(const llvm::DILocation *location, const llvm::Function &callee) const;

  /// How many calls have `key` but for the ordinal.
  [[nodiscard]] unsigned count(call_key key) const;

private:
  void number(llvm::Instruction &instruction, const std::set<std::string> &ramps,
              std::map<call_key, unsigned> &seen) const;

  std::map<call_key, unsigned> several_; ///< by the first one's key
};

/// Visits the direct calls of `ramps`.
void each_call(llvm::Module &module, const std::set<std::string> &ramps,
               llvm::function_ref<void(llvm::CallBase &)> visit);

/// The call by which the coroutine of `id` was inlined: the place outside of the coroutine's own code.
const llvm::DILocation *inlined_call(const llvm::CoroIdInst &id);

/// The place of `location` in the function that holds the code.
place outermost(const llvm::DILocation *location);

/// The innermost of the calls that `location` was inlined by which stands in one of `files`; else the outermost one.
call_host written_call(const llvm::DILocation *location, const std::set<std::string> &files);

/// The files that the unit's own code and `ramps` stand in.
std::set<std::string> own_files(const llvm::Module &module, const std::set<std::string> &ramps);

} // namespace coroscope::lowering
