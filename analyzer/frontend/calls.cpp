// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/calls.h"

#include <clang/AST/Decl.h>
#include <clang/AST/ExprCXX.h>

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
