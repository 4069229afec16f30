// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles one translation unit as clang would, for several levels from one parse, and reads its source facts.
//
//   compile_command --parse--> tree --+--> source_facts
//                                     +--> one module a level --LLVM's pipeline, with the caller's hooks--> nothing
//                                     kept, or machine code as text
#pragma once

#include "frontend/command.h"
#include "frontend/source_facts.h"

#include <functional>
#include <set>
#include <span>
#include <string>

namespace llvm {
class Module;
class PassBuilder;
} // namespace llvm

namespace coroscope::frontend {

struct level_request {
  std::string level;                               ///< "O0" …
  std::function<void(llvm::PassBuilder &)> attach; ///< called once with the builder of that level's pipeline
  /// Where machine code is wanted: may strip the optimised module; false where it needs none.
  std::function<bool(llvm::Module &)> before_code;
  std::function<void(const std::string &)> take_assembly; ///< called with the text
};

struct compile_options {
  bool with_sources = false;   ///< keep text and tokens of the files that coroutines stand in
  bool system_headers = false; ///< read the coroutines of system headers too
  /// By their names, which coroutines and callers of coroutines lowerings are needed of: a unit that has none is not
  /// lowered. All where it is empty.
  std::function<bool(const std::string &)> wanted;
  /// Asked when all is lowered: the symbols of other functions of which the facts are needed.
  std::function<std::set<std::string>()> functions;
};

/// The unit before anything is known of it but its command.
unit described_unit(const compile_command &command);

/// Never fails as such: what the compiler says is in `unit.diagnostics`, and `compiled` tells whether there are
/// lowerings. A source that asks for the level in the preprocessor is parsed once a level, and a note says so.
source_facts compile(const compile_command &command, std::span<const level_request> levels,
                     const compile_options &options);

} // namespace coroscope::frontend
