// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which calls in the source make a coroutine state?
//
//   functions with a body, variables outside of them --read_calls()--> coroutine_call, and the declarations by which
//   code generation names its two ends
#pragma once

#include "frontend/coroutine_finder.h"
#include "frontend/places.h"
#include "frontend/source_facts.h"

#include <vector>

namespace clang {
class ASTContext;
class Decl;
class FunctionDecl;
} // namespace clang

namespace coroscope::frontend {

struct read_call {
  coroutine_call value;
  const clang::Decl *caller = nullptr;
  const clang::FunctionDecl *callee = nullptr; ///< null for a call through a pointer
};

struct read_calls_result {
  std::vector<read_call> calls; ///< in reading order
  std::vector<held_guard> guards;
};

/// `unit.definitions` are the coroutines that the facts number.
read_calls_result read_calls(const found_coroutines &unit, clang::ASTContext &context, place_reader &places);

} // namespace coroscope::frontend
