// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the language chose for a coroutine: its promise type, and the functions that are called before, around and after
// the body ([dcl.fct.def.coroutine]).
#pragma once

#include "frontend/places.h"

#include <llvm/ADT/SmallVector.h>

namespace clang {
class ASTContext;
class CoroutineBodyStmt;
class CXXConstructorDecl;
class Expr;
} // namespace clang

namespace coroscope::frontend {

/// All of it but return_value and return_void, which the co_return statements call.
promise_type read_promise(const clang::CoroutineBodyStmt &body, const clang::ASTContext &context, place_reader &places);

/// What the promise object is made by and of.
struct promise_creation {
  const clang::CXXConstructorDecl *constructor = nullptr; ///< null for an aggregate of which each part gets a value
  llvm::SmallVector<const clang::Expr *> arguments;       ///< without default arguments
};

promise_creation promise_creation_of(const clang::CoroutineBodyStmt &body);

} // namespace coroscope::frontend
