// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What becomes of the object that a call returns? Only what is sure: an object that is converted, or passed on to a
// function that may do with it what it likes, has no fate here.
//
//   variables, members, returns, assignments, statements --> kept, returned, dropped; co_awaits --> awaited
#pragma once

#include <set>

namespace clang {
class CallExpr;
class CoroutineSuspendExpr;
class Expr;
class Stmt;
} // namespace clang

namespace coroscope::frontend {

class kept_calls {
public:
  /// Each statement and expression is noted before what stands in it.
  void note(const clang::Stmt &statement);
  void note_await(const clang::CoroutineSuspendExpr &suspend);

  /// `initialiser` is of a variable, a member or a base.
  void note_object(const clang::Expr *initialiser);

  /// What it returns is or becomes part of an object that outlives the statement, or is returned.
  [[nodiscard]] bool is_kept(const clang::CallExpr &call) const { return kept_.contains(&call); }
  [[nodiscard]] bool is_returned(const clang::CallExpr &call) const { return returned_.contains(&call); }
  /// Itself, or the variable that it is the value of.
  [[nodiscard]] bool is_awaited(const clang::CallExpr &call) const { return awaited_.contains(&call); }
  /// Nobody takes what it returns, whose class has no destructor that could end the coroutine.
  [[nodiscard]] bool is_dropped(const clang::CallExpr &call) const;

private:
  std::set<const clang::CallExpr *> kept_, returned_, awaited_, dropped_;
};

} // namespace coroscope::frontend
