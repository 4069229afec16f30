// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What one co_await or co_yield expression means: which awaiter it gets, how, and which functions are called on it
// ([expr.await]).
#pragma once

#include "frontend/places.h"
#include "frontend/source_facts.h"

#include <optional>

namespace clang {
class ASTContext;
class CoroutineSuspendExpr;
class FunctionDecl;
class Stmt;
} // namespace clang

namespace coroscope::frontend {

struct read_point {
  suspend_point value;
  point_key key;
};

using read_point_result = std::optional<read_point>;

read_point read_suspend(const clang::CoroutineSuspendExpr &suspend, clang::ASTContext &context, place_reader &places);

/// The initial or final suspend of `function`, which the language adds: found in `statement`. The initial point is
/// placed at the function's name, the final one at the brace that closes its body.
read_point_result read_implicit(const clang::Stmt *statement, const clang::FunctionDecl &function, suspend_kind kind,
                                clang::ASTContext &context, place_reader &places);

} // namespace coroscope::frontend
