// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The body of a coroutine as the compiler sees it, in readable C++-like text ([dcl.fct.def.coroutine]):
//
//   allocation, parameter copies, promise, return object -> initial suspend -> body -> final suspend -> destruction
#pragma once

#include "frontend/places.h"

namespace clang {
class ASTContext;
class FunctionDecl;
} // namespace clang

namespace coroscope::frontend {

/// A reconstruction from Clang's tree. `value` has the points of `function`; `keys` are the presumed places of their
/// keywords.
std::vector<view_line> lowered_view(const clang::FunctionDecl &function, clang::ASTContext &context,
                                    place_reader &places, const coroutine &value, const std::vector<position> &keys);

} // namespace coroscope::frontend
