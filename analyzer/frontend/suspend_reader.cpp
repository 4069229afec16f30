// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/suspend_reader.h"

#include "frontend/calls.h"
#include "frontend/names.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/Mangle.h>
#include <clang/AST/StmtCXX.h>

namespace coroscope::frontend {
namespace {

/// The calls between the operand and the awaiter.
struct awaiter_origin {
  const clang::FunctionDecl *promise_call = nullptr; ///< yield_value or await_transform
  const clang::FunctionDecl *operator_co_await = nullptr;
  const clang::Expr *awaitable = nullptr;
};

/// Without conversions and temporaries; what the language adds itself is kept.
const clang::Expr *plain(const clang::Expr &expression) {
  return expression.IgnoreImplicit()->IgnoreParens()->IgnoreImplicit();
}

awaiter_origin origin_of(const clang::CoroutineSuspendExpr &suspend) {
  awaiter_origin origin;
  const llvm::StringRef name = llvm::isa<clang::CoyieldExpr>(suspend) ? "yield_value" : "await_transform";
  const clang::Expr *expression = plain(*suspend.getCommonExpr());
  if (const auto *made = llvm::dyn_cast<clang::CXXOperatorCallExpr>(expression);
      made && made->getOperator() == clang::OO_Coawait) {
    origin.operator_co_await = made->getDirectCallee();
    expression = plain(*made->getArg(0));
  }
  origin.awaitable = expression;
  if (const std::optional<promise_call> call = as_promise_call(expression); call && call->member == name)
    origin.promise_call = call->callee;
  return origin;
}

await_suspend_result result_of(const clang::FunctionDecl &await_suspend) {
  const clang::QualType type = await_suspend.getReturnType();
  if (type->isVoidType())
    return await_suspend_result::void_;
  return type->isBooleanType() ? await_suspend_result::bool_ : await_suspend_result::handle;
}

/// As a declaration would say it: "T &" for an lvalue.
std::string value_type_text(const clang::Expr &expression, clang::ASTContext &context) {
  const clang::QualType type = expression.getType();
  return type_text(expression.isLValue()   ? context.getLValueReferenceType(type)
                   : expression.isXValue() ? context.getRValueReferenceType(type)
                                           : type,
                   context);
}

void read_origin(const awaiter_origin &origin, bool is_yield, clang::ASTContext &context, place_reader &places,
                 suspend_point &point) {
  if (origin.promise_call) {
    (is_yield ? point.yield_value : point.await_transform) = chosen(*origin.promise_call, context, places);
    if (!is_yield)
      point.via.push_back(awaiter_via::await_transform);
  }
  if (origin.operator_co_await) {
    point.operator_co_await = chosen(*origin.operator_co_await, context, places);
    point.operator_is_member = llvm::isa<clang::CXXMethodDecl>(origin.operator_co_await);
    point.via.push_back(awaiter_via::operator_co_await);
  }
  if (point.via.empty())
    point.via.push_back(awaiter_via::direct);
  point.awaitable_type = qualified_type_text(origin.awaitable->getType().getNonReferenceType(), context);
}

void read_awaiter(const clang::CoroutineSuspendExpr &suspend, clang::ASTContext &context, place_reader &places,
                  read_point &point) {
  read_origin(origin_of(suspend), llvm::isa<clang::CoyieldExpr>(suspend), context, places, point.value);
  point.value.awaiter_type = qualified_type_text(suspend.getCommonExpr()->getType().getNonReferenceType(), context);
  point.key.expression = &suspend;
  point.value.type = value_type_text(*suspend.getResumeExpr(), context);
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
  const clang::CoroutineSuspendExpr *suspend = find_suspend(statement);
  if (!suspend)
    return std::nullopt;
  read_point point;
  point.value.kind = kind;
  const bool is_initial = kind == suspend_kind::initial;
  const clang::SourceRange where =
      is_initial ? function.getNameInfo().getSourceRange() : clang::SourceRange(written_body(function).getEnd());
  point.value.where = places.of(where).value_or(range{});
  point.value.expression = is_initial ? "co_await promise.initial_suspend()" : "co_await promise.final_suspend()";
  point.key.where = places.presumed(function.getLocation());
  read_awaiter(*suspend, context, places, point);
  return point;
}

} // namespace coroscope::frontend
