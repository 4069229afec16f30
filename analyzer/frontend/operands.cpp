// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/operands.h"

#include <clang/AST/ExprCXX.h>

namespace coroscope::frontend {

bool is_timeless(const clang::Expr &any) {
  const clang::Expr *expression = any.IgnoreParens();
  if (llvm::isa<clang::IntegerLiteral, clang::FloatingLiteral, clang::CharacterLiteral, clang::StringLiteral,
                clang::CXXBoolLiteralExpr, clang::CXXNullPtrLiteralExpr, clang::CXXThisExpr, clang::DeclRefExpr,
                clang::UnaryExprOrTypeTraitExpr, clang::CXXScalarValueInitExpr, clang::CXXDefaultArgExpr,
                clang::CXXDefaultInitExpr, clang::ImplicitValueInitExpr, clang::ConstantExpr>(expression))
    return true;
  if (const auto *member = llvm::dyn_cast<clang::MemberExpr>(expression))
    return is_timeless(*member->getBase());
  if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(expression)) {
    const clang::Expr *inner = cast->getSubExpr();
    if (cast->getCastKind() == clang::CK_LValueToRValue) {
      const auto *variable = llvm::dyn_cast<clang::DeclRefExpr>(inner->IgnoreParens());
      return variable && variable->getType().isConstQualified();
    }
    return !llvm::isa<clang::CXXFunctionalCastExpr>(cast) && cast->getCastKind() != clang::CK_UserDefinedConversion &&
           cast->getCastKind() != clang::CK_ConstructorConversion && is_timeless(*inner);
  }
  if (const auto *operation = llvm::dyn_cast<clang::UnaryOperator>(expression))
    return !operation->isIncrementDecrementOp() && is_timeless(*operation->getSubExpr());
  if (const auto *operation = llvm::dyn_cast<clang::BinaryOperator>(expression))
    return !operation->isAssignmentOp() && is_timeless(*operation->getLHS()) && is_timeless(*operation->getRHS());
  const auto *lambda = llvm::dyn_cast<clang::LambdaExpr>(expression);
  return lambda && lambda->capture_size() == 0;
}

llvm::SmallVector<const clang::Expr *> operands_of(const clang::Expr &expression) {
  if (const auto *assignment = llvm::dyn_cast<clang::BinaryOperator>(&expression);
      assignment && assignment->isAssignmentOp())
    return {assignment->getRHS(), assignment->getLHS()};
  if (const auto *call = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&expression);
      call && call->isAssignmentOp() && call->getNumArgs() == 2)
    return {call->getArg(1), call->getArg(0)};
  llvm::SmallVector<const clang::Expr *> found;
  if (const auto *lambda = llvm::dyn_cast<clang::LambdaExpr>(&expression)) {
    for (const clang::Expr *capture : lambda->capture_inits())
      found.push_back(capture);
    return found;
  }
  for (const clang::Stmt *child : expression.children()) {
    const auto *operand = llvm::dyn_cast_or_null<clang::Expr>(child);
    // A member function has no value: what is evaluated is the object it is called on.
    if (const auto *callee = operand ? llvm::dyn_cast<clang::MemberExpr>(operand->IgnoreParens()) : nullptr;
        callee && llvm::isa<clang::CXXMemberCallExpr>(expression) && child == *expression.child_begin())
      operand = callee->getBase();
    if (operand && !llvm::isa<clang::OpaqueValueExpr>(operand))
      found.push_back(operand);
  }
  return found;
}

const clang::Expr &object_of(const clang::Expr &expression) {
  const clang::Expr *inner = &expression;
  if (const auto *all = llvm::dyn_cast<clang::ExprWithCleanups>(inner))
    inner = all->getSubExpr();
  while (const auto *temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(inner))
    inner = temporary->getSubExpr();
  return *inner;
}

} // namespace coroscope::frontend
