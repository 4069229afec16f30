// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What does a call of a coroutine only refer to: by a reference, by `this`, through a view?
#pragma once

#include "frontend/places.h"
#include "frontend/source_facts.h"

namespace clang {
class CallExpr;
class Decl;
class FunctionDecl;
} // namespace clang

namespace coroscope::frontend {

/// The temporaries that `call` of `callee` refers to and, of the variables of `returned_from`, the function that
/// returns the call, those that end with it; null where none does.
std::vector<borrowed_argument> read_borrowed(const clang::CallExpr &call, const clang::FunctionDecl &callee,
                                             const clang::FunctionDecl *returned_from, place_reader &places);

} // namespace coroscope::frontend
