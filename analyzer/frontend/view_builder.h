// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes a body so that each co_await, co_yield and co_return in it is spelled out. What must run before the rest of an
// expression is lifted out of it, in the order in which Clang evaluates it:
//
//   use(f(), co_await g())  -->  int value_1 = f();
//                                g_awaiter awaiter_1 = g(); … state = S1; … return; S1: …
//                                use(value_1, awaiter_1.await_resume());
//
// view_builder.cpp has the suspends, view_expressions.cpp the lifting, view_new.cpp that of new-expressions,
// view_statements.cpp and view_loops.cpp the statements.
#pragma once

#include "frontend/places.h"
#include "frontend/view_writer.h"
#include "frontend/written_text.h"

#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>
#include <llvm/ADT/SmallVector.h>

#include <map>
#include <set>

namespace coroscope::frontend {

/// Whether a loop with this body is continued by a statement in it.
bool is_continued(const clang::Stmt *body);

class view_builder {
public:
  /// `value` has the points of `function`, by whose places the suspends of the tree are found again; `keys` are theirs.
  view_builder(const clang::FunctionDecl &function, clang::ASTContext &context, place_reader &places,
               const coroutine &value, const std::vector<position> &keys);

  /// The statements of the body.
  void body(const clang::CompoundStmt &body);

  /// The implicit suspend inside `statement`; its result, where it has one, is dropped.
  void implicit_suspend(const clang::Stmt *statement, suspend_point_id point);

  /// A comment for each point that no line stands for.
  void admit_missing();

  view_writer lines;
  written_text text;

private:
  struct temporary {
    std::string name;
    std::string type;
    bool is_conditional = false; ///< made in one branch of the expression
  };

  // What holds a suspend or a co_return.
  bool note(const clang::Stmt *statement);
  [[nodiscard]] bool holds(const clang::Stmt *statement) const { return statement && holding_.contains(statement); }
  void number_points(const std::vector<position> &keys);
  void discard(const clang::Stmt *statement);

  // Expressions.
  void lift(const clang::Expr *expression);
  void lift_operands(const llvm::SmallVector<const clang::Expr *> &operands, bool are_parts = false);
  void lift_suspend(const clang::CoroutineSuspendExpr &suspend);
  void lift_choice(const clang::AbstractConditionalOperator &choice);
  void lift_short_circuit(const clang::BinaryOperator &expression);
  void lift_comma(const clang::BinaryOperator &comma);
  void lift_block(const clang::StmtExpr &block);
  void lift_new(const clang::CXXNewExpr &made);
  void keep_allocation_operands(const clang::CXXNewExpr &made);
  std::string size_text(const clang::CXXNewExpr &made) const;
  std::string allocation_text(const clang::CXXNewExpr &made) const;
  void initialise(const clang::CXXNewExpr &made, const std::string &memory);
  void keep(const clang::Expr &expression, bool is_part = false);
  void keep_operand(const clang::Expr &operand, bool is_part = false);
  bool makes_temporary(const clang::Expr &expression) const;
  void keep_temporaries(const clang::Expr &expression);
  void assign(const std::string &name, const clang::Expr &branch);
  std::string declared(const clang::Expr &value, const std::string &name) const;
  std::string awaiter_text(const clang::Expr &common) const;
  void suspend_lines(const clang::CoroutineSuspendExpr &suspend, suspend_point_id point, const std::string &awaiter);
  void leave(const clang::CoroutineSuspendExpr &suspend, suspend_point_id point, const std::string &awaiter);
  void resume_implicit(const clang::CoroutineSuspendExpr &suspend, const std::string &awaiter, bool is_final);
  void state_line(suspend_point_id point, const std::string &what);
  void end_later(const clang::Expr &value, const std::string &name);
  void end_full_expression();
  std::string fresh(const char *kind);
  std::string unused(std::string name) const;

  // Statements.
  void statement(const clang::Stmt *statement);
  void block(const clang::Stmt *statement);
  void expand(const clang::Stmt &statement);
  void as_written(const clang::Stmt &statement);
  void expression(const clang::Expr &expression);
  void declaration(const clang::DeclStmt &declaration);
  void variable(const clang::VarDecl &variable, const clang::DeclStmt *alone);
  void guarded_variable(const clang::VarDecl &variable, const clang::DeclStmt *alone);
  void bindings(const clang::DecompositionDecl &object, const std::string &value);
  void coroutine_return(const clang::CoreturnStmt &jump);
  void try_block(const clang::CXXTryStmt &statement);
  void choice(const clang::IfStmt &choice);
  void choice_branches(const clang::IfStmt &choice, bool continues);
  void selection(const clang::SwitchStmt &selection);
  void labelled(const std::string &label, const clang::Stmt *statement);
  std::string condition(const clang::Expr &condition, const clang::VarDecl *variable);
  void condition_variable(const clang::VarDecl &variable);

  // Loops.
  void loop(const clang::WhileStmt &loop);
  void loop(const clang::DoStmt &loop);
  void loop(const clang::ForStmt &loop);
  void loop(const clang::CXXForRangeStmt &loop);
  void leave_unless(const clang::Expr &condition, const clang::VarDecl *variable);
  void loop_body(const clang::Stmt *body, bool has_tail);

  [[nodiscard]] std::string type_of(clang::QualType type) const;
  [[nodiscard]] std::string one_line(const clang::Stmt &statement) const;
  void close(const clang::Stmt &statement, view_line_kind kind = view_line_kind::code, std::string text = "}");

  const clang::FunctionDecl &function_;
  clang::ASTContext &context_;
  place_reader &places_;
  const coroutine &value_;
  std::string source_; ///< of the body: names that stand in it are not made up again
  std::vector<const clang::CoroutineSuspendExpr *> suspends_; ///< as the tree is walked
  std::map<const clang::CoroutineSuspendExpr *, suspend_point_id> points_;
  std::set<const clang::Stmt *> holding_;
  std::set<suspend_point_id> shown_;
  std::vector<temporary> temporaries_; ///< of the full-expression at hand, in the order in which they are made
  bool in_branch_ = false;
  std::map<std::string, unsigned> numbers_;
  std::string next_label_; ///< where `continue` goes, where it must be a goto; else empty
};

} // namespace coroscope::frontend
