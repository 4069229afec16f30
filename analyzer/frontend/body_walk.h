// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a coroutine's body holds: its suspend points, its variables and the temporaries of its expressions.
#pragma once

#include "frontend/places.h"
#include "frontend/source_facts.h"
#include "frontend/suspend_reader.h"
#include "frontend/use_watch.h"

#include <clang/AST/Type.h>
#include <llvm/ADT/DenseSet.h>

namespace clang {
class CallExpr;
class CXXForRangeStmt;
class DecompositionDecl;
class Expr;
class ParmVarDecl;
class VarDecl;
} // namespace clang

namespace coroscope::frontend {

/// Walks what the coroutine executes, in the order in which code is generated: not the bodies of lambdas, which are
/// functions of their own.
class body_walk {
public:
  body_walk(coroutine_facts &facts, clang::ASTContext &context, place_reader &places)
      : facts_(facts), context_(context), places_(places) {}

  void visit(const clang::Stmt *statement);
  void add(read_point point);
  /// To be called when all was visited.
  void finish() { uses_.finish(facts_.variables, places_); }
  /// `argument` as in named_object.
  void add_parameter(const clang::ParmVarDecl &parameter, unsigned argument);

private:
  void note_objects(const clang::Stmt &statement);
  void note_range_for(const clang::CXXForRangeStmt &loop);
  void note_whole(const clang::Stmt &statement);
  void note_result(const clang::CallExpr &call);
  void note_values(llvm::ArrayRef<const clang::Expr *> arguments);
  named_object &add_variable(const clang::VarDecl &variable);
  void add_bindings(const clang::DecompositionDecl &parts);
  void add_temporary(const clang::Expr &expression);

  coroutine_facts &facts_;
  clang::ASTContext &context_;
  place_reader &places_;
  llvm::DenseSet<const clang::Expr *> seen_; ///< temporaries
  use_watch uses_;
  std::vector<std::pair<const clang::ValueDecl *, std::size_t>> declared_; ///< and not told to uses_ yet
  std::vector<std::size_t> in_scope_;         ///< of the variables, those whose scope is being visited
  clang::SourceLocation default_argument_of_; ///< the call whose default argument is being visited
};

} // namespace coroscope::frontend
