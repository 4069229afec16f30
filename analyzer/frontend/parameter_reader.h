// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How each parameter of a coroutine gets into its frame ([dcl.fct.def.coroutine]): a copy or move of a value, the
// reference of a reference.
#pragma once

#include "frontend/places.h"

namespace clang {
class ASTContext;
class CoroutineBodyStmt;
class FunctionDecl;
} // namespace clang

namespace coroscope::frontend {

/// In order; the object of a member function, or the closure of a lambda, first.
std::vector<parameter_copy> read_parameters(const clang::FunctionDecl &function, const clang::CoroutineBodyStmt &body,
                                            const clang::ASTContext &context, place_reader &places);

} // namespace coroscope::frontend
