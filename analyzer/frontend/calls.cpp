// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/calls.h"

#include <clang/AST/Decl.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>

namespace coroscope::frontend {

const clang::FunctionDecl *find_callee(const clang::Stmt *statement,
                                       llvm::function_ref<bool(const clang::FunctionDecl &)> wanted) {
  // What an opaque value stands for is written elsewhere in the tree.
  if (!statement || llvm::isa<clang::OpaqueValueExpr>(statement))
    return nullptr;
  if (const auto *call = llvm::dyn_cast<clang::CallExpr>(statement))
    if (const clang::FunctionDecl *callee = call->getDirectCallee(); callee && wanted(*callee))
      return callee;
  for (const clang::Stmt *child : statement->children())
    if (const clang::FunctionDecl *found = find_callee(child, wanted))
      return found;
  return nullptr;
}

const clang::FunctionDecl *find_callee(const clang::Stmt *statement, llvm::StringRef name) {
  return find_callee(
      statement, [&](const clang::FunctionDecl &callee) { return callee.getIdentifier() && callee.getName() == name; });
}

const clang::FunctionDecl *find_callee(const clang::Stmt *statement, clang::OverloadedOperatorKind kind) {
  return find_callee(statement,
                     [&](const clang::FunctionDecl &callee) { return callee.getOverloadedOperator() == kind; });
}

namespace {

bool is_promise(const clang::Expr &expression) {
  const auto *variable = llvm::dyn_cast<clang::DeclRefExpr>(expression.IgnoreParenImpCasts());
  return variable && variable->getDecl()->isImplicit() && variable->getDecl()->getName() == "__promise";
}

} // namespace

std::optional<promise_call> as_promise_call(const clang::Stmt *statement) {
  if (const auto *jump = llvm::dyn_cast_or_null<clang::CoreturnStmt>(statement))
    statement = jump->getPromiseCall();
  const auto *whole = llvm::dyn_cast_or_null<clang::Expr>(statement);
  const auto *call =
      whole ? llvm::dyn_cast<clang::CallExpr>(whole->IgnoreImplicit()->IgnoreParens()->IgnoreImplicit()) : nullptr;
  if (!call)
    return std::nullopt;
  promise_call found{.callee = call->getDirectCallee()};
  const auto *operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(call);
  const bool is_object = operation && operation->getOperator() == clang::OO_Call;
  const clang::Expr *named = is_object ? operation->getArg(0) : call->getCallee();
  unsigned first = is_object ? 1 : 0;
  if (const auto *member = llvm::dyn_cast<clang::MemberExpr>(named->IgnoreParenImpCasts())) {
    if (!is_promise(*member->getBase()) || !member->getMemberDecl()->getIdentifier())
      return std::nullopt;
    found.member = member->getMemberDecl()->getName();
  } else {
    // An explicit object is the first argument.
    const auto *method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(found.callee);
    if (!method || !method->getIdentifier() || call->getNumArgs() == 0 || !is_promise(*call->getArg(0)))
      return std::nullopt;
    found.member = method->getName();
    first = 1;
  }
  for (unsigned i = first; i < call->getNumArgs(); ++i)
    if (!llvm::isa<clang::CXXDefaultArgExpr>(call->getArg(i)))
      found.arguments.push_back(call->getArg(i));
  return found;
}

const clang::CoroutineSuspendExpr *find_suspend(const clang::Stmt *statement) {
  if (!statement || llvm::isa<clang::LambdaExpr, clang::OpaqueValueExpr>(statement))
    return nullptr;
  if (const auto *suspend = llvm::dyn_cast<clang::CoroutineSuspendExpr>(statement))
    return suspend;
  for (const clang::Stmt *child : statement->children())
    if (const clang::CoroutineSuspendExpr *found = find_suspend(child))
      return found;
  return nullptr;
}

} // namespace coroscope::frontend
