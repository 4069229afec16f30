// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which objects are alive at each suspend point of a coroutine's body: a walk in the order of evaluation that keeps the
// stack of objects whose destructors are due, as code generation does.
#pragma once

#include <clang/AST/Expr.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>

#include <map>
#include <string>
#include <vector>

namespace coroscope::frontend {

/// An object whose destructor is due.
struct living_object {
  enum class what { variable, temporary, awaiter, part };

  what kind = what::variable;
  clang::QualType type;                                 ///< of the object; an array for several
  const clang::VarDecl *variable = nullptr;             ///< of `variable`
  const clang::CoroutineSuspendExpr *suspend = nullptr; ///< of `awaiter`: whose it is
  std::string name;                                     ///< of `part`: "member a", "element 1", "capture c", "base B"
  clang::SourceRange where;
  const clang::FunctionDecl *cleanup = nullptr; ///< of [[gnu::cleanup]]: what is called in place of a destructor
  bool is_default_argument = false;             ///< `where` is the call that it is made for
  bool is_passed_on = false;                    ///< an argument that the called function destroys
  bool is_conditional = false;                  ///< only one branch makes it
  bool is_extended = false;                     ///< a temporary that lives as long as a variable
};

class lifetime_walk {
public:
  explicit lifetime_walk(const clang::ASTContext &context) : context_(context) {}

  void visit(const clang::Stmt *statement);

  /// At each suspend point the living objects, the oldest first.
  std::map<const void *, std::vector<living_object>> alive_at;

private:
  void visit_scope(std::initializer_list<const clang::Stmt *> statements);
  void visit_statement(const clang::Stmt &statement);
  void visit_variable(const clang::VarDecl &variable);
  void visit_return(const clang::CoreturnStmt &statement);

  /// `is_placed`: the value is made right in an object that is destroyed by another rule.
  void visit_expression(const clang::Expr *expression, bool is_placed);
  bool visit_wrapper(const clang::Expr &expression, bool is_placed);
  bool visit_branches(const clang::Expr &expression, bool is_placed);
  bool visit_parts(const clang::Expr &expression);
  bool visit_call(const clang::Expr &expression);
  void visit_operand(const clang::Expr &whole, const clang::Stmt *operand);
  void visit_suspend(const clang::CoroutineSuspendExpr &suspend, bool is_placed);
  void visit_temporary(const clang::MaterializeTemporaryExpr &temporary, const clang::CoroutineSuspendExpr *awaiter_of);
  void visit_full_expression(const clang::Expr &inside, bool is_placed);
  void visit_branch(const clang::Expr *branch, bool is_placed, std::vector<living_object> &made);

  void push(living_object object);
  void push_temporary(const clang::Expr &expression, bool is_extended = false,
                      const clang::CoroutineSuspendExpr *awaiter_of = nullptr);

  const clang::ASTContext &context_;
  std::vector<living_object> alive_;
  clang::SourceLocation default_argument_of_; ///< the call whose default argument is being visited
};

} // namespace coroscope::frontend
