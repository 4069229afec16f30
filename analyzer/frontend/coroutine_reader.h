// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Clang's tree says about one coroutine: signature, promise, suspend points, and the variables and temporaries
// that its frame may hold.
//
//   FunctionDecl with a CoroutineBodyStmt --read_coroutine()--> coroutine_facts
#pragma once

#include "frontend/places.h"
#include "frontend/source_facts.h"

namespace clang {
class ASTContext;
class FunctionDecl;
} // namespace clang

namespace coroscope::frontend {

/// What the body of any function with one holds, without ranges.
body_facts read_body(const clang::FunctionDecl &function, clang::ASTContext &context);

/// Requires: `function` is a definition whose body is a coroutine, and depends on no template parameter.
coroutine_facts read_coroutine(const clang::FunctionDecl &function, clang::ASTContext &context, place_reader &places);

} // namespace coroscope::frontend
