// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where a coroutine returns, and what each co_return calls ([stmt.return.coroutine]).
#pragma once

#include "frontend/places.h"

namespace clang {
class ASTContext;
class CoroutineBodyStmt;
class FunctionDecl;
} // namespace clang

namespace coroscope::frontend {

struct read_returns_result {
  /// In source order; flowing off the end last, where the end can be reached. Without a call that is undefined
  /// behaviour.
  std::vector<co_return_statement> statements;
  std::optional<chosen_function> return_value; ///< of several overloads the one that is called first
  std::optional<chosen_function> return_void;
};

read_returns_result read_returns(const clang::FunctionDecl &function, const clang::CoroutineBodyStmt &body,
                                 clang::ASTContext &context, place_reader &places);

} // namespace coroscope::frontend
