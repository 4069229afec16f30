// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/suspend_reader.h"

#include "frontend/calls.h"
#include "frontend/names.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/Mangle.h>
#include <clang/AST/StmtCXX.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

/// The conversions that made the awaiter of the operand, the last one first.
std::vector<awaiter_via> conversions_of(const clang::Expr *common) {
  std::vector<awaiter_via> via;
  const clang::Expr *expression = common;
  while (expression) {
    expression = expression->IgnoreUnlessSpelledInSource();
    if (const auto *made = llvm::dyn_cast<clang::CXXOperatorCallExpr>(expression);
        made && made->getOperator() == clang::OO_Coawait) {
      via.push_back(awaiter_via::operator_co_await);
      expression = made->getArg(0);
    } else if (const auto *member = llvm::dyn_cast<clang::CXXMemberCallExpr>(expression);
               member && member->getMethodDecl() && member->getMethodDecl()->getIdentifier() &&
               member->getMethodDecl()->getName() == "await_transform") {
      via.push_back(awaiter_via::await_transform);
      break;
    } else {
      break;
    }
  }
  std::ranges::reverse(via);
  if (via.empty())
    via.push_back(awaiter_via::direct);
  return via;
}

await_suspend_result result_of(const clang::FunctionDecl &await_suspend) {
  const clang::QualType type = await_suspend.getReturnType();
  if (type->isVoidType())
    return await_suspend_result::void_;
  return type->isBooleanType() ? await_suspend_result::bool_ : await_suspend_result::handle;
}

/// The suspend expression inside an implicit initial or final suspend statement.
const clang::CoroutineSuspendExpr *suspend_in(const clang::Stmt *statement) {
  if (!statement)
    return nullptr;
  if (const auto *found = llvm::dyn_cast<clang::CoroutineSuspendExpr>(statement))
    return found;
  for (const clang::Stmt *child : statement->children())
    if (const clang::CoroutineSuspendExpr *found = suspend_in(child))
      return found;
  return nullptr;
}

void read_awaiter(const clang::CoroutineSuspendExpr &suspend, clang::ASTContext &context, place_reader &places,
                  read_point &point) {
  const clang::Expr *operand = suspend.getOperand();
  point.value.awaitable_type = qualified_type_text(operand->getType().getNonReferenceType(), context);
  point.value.awaiter_type = qualified_type_text(suspend.getCommonExpr()->getType().getNonReferenceType(), context);
  point.value.via = conversions_of(suspend.getCommonExpr());
  const auto choose = [&](const clang::Stmt *statement, llvm::StringRef name) -> std::optional<chosen_function> {
    const clang::FunctionDecl *function = find_callee(statement, name);
    return function ? std::optional(chosen(*function, context, places)) : std::nullopt;
  };
  point.value.await_ready = choose(suspend.getReadyExpr(), "await_ready");
  point.value.await_suspend = choose(suspend.getSuspendExpr(), "await_suspend");
  point.value.await_resume = choose(suspend.getResumeExpr(), "await_resume");
  if (const clang::FunctionDecl *function = find_callee(suspend.getSuspendExpr(), "await_suspend")) {
    point.value.returns = result_of(*function);
    point.key.await_suspend = clang::ASTNameGenerator(context).getName(function);
  }
}

} // namespace

read_point read_suspend(const clang::CoroutineSuspendExpr &suspend, clang::ASTContext &context, place_reader &places) {
  read_point point;
  point.value.kind = llvm::isa<clang::CoyieldExpr>(suspend) ? suspend_kind::yield : suspend_kind::await;
  point.value.where = places.of(suspend.getSourceRange()).value_or(range{});
  point.value.expression = places.text(suspend.getSourceRange());
  point.key.where = places.presumed(suspend.getKeywordLoc());
  read_awaiter(suspend, context, places, point);
  return point;
}

read_point_result read_implicit(const clang::Stmt *statement, const clang::FunctionDecl &function, suspend_kind kind,
                                clang::ASTContext &context, place_reader &places) {
  const clang::CoroutineSuspendExpr *suspend = suspend_in(statement);
  if (!suspend)
    return std::nullopt;
  read_point point;
  point.value.kind = kind;
  const bool is_initial = kind == suspend_kind::initial;
  const clang::SourceRange where =
      is_initial ? function.getNameInfo().getSourceRange() : clang::SourceRange(function.getBody()->getEndLoc());
  point.value.where = places.of(where).value_or(range{});
  point.value.expression = is_initial ? "co_await promise.initial_suspend()" : "co_await promise.final_suspend()";
  point.key.where = places.presumed(function.getLocation());
  read_awaiter(*suspend, context, places, point);
  return point;
}

} // namespace coroscope::frontend
