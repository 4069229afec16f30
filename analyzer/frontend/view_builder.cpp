// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/view_builder.h"

#include "frontend/calls.h"
#include "frontend/names.h"
#include "frontend/operands.h"
#include "model/point_label.h"

#include <clang/AST/ASTContext.h>

#include <algorithm>
#include <numeric>

namespace coroscope::frontend {
namespace {

/// std::suspend_always and std::suspend_never do nothing that could be seen but this.
std::optional<bool> always_suspends(clang::QualType type) {
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record || !record->isInStdNamespace() || !record->getIdentifier())
    return std::nullopt;
  if (record->getName() == "suspend_always")
    return true;
  return record->getName() == "suspend_never" ? std::optional(false) : std::nullopt;
}

const clang::Expr *unwrapped(const clang::Expr &expression) {
  const clang::Expr *inner = &expression;
  for (const clang::Expr *before = nullptr; before != inner;) {
    before = inner;
    inner = inner->IgnoreImplicit();
    if (const auto *parentheses = llvm::dyn_cast<clang::ParenExpr>(inner))
      inner = parentheses->getSubExpr();
  }
  return inner;
}

} // namespace

view_builder::view_builder(const clang::FunctionDecl &function, clang::ASTContext &context, place_reader &places,
                           const coroutine &value, const std::vector<position> &keys)
    : text(context, *llvm::cast<clang::CoroutineBodyStmt>(function.getBody())->getPromiseDecl(),
           function.isTemplateInstantiation()),
      function_(function), context_(context), places_(places), value_(value) {
  note(llvm::cast<clang::CoroutineBodyStmt>(function.getBody())->getBody());
  number_points(keys);
  source_ = text.between(written_body(function), nullptr);
}

bool view_builder::note(const clang::Stmt *statement) {
  if (!statement || llvm::isa<clang::OpaqueValueExpr>(statement))
    return false;
  bool found = false;
  if (const auto *suspend = llvm::dyn_cast<clang::CoroutineSuspendExpr>(statement)) {
    note(suspend->getCommonExpr());
    suspends_.push_back(suspend);
    found = true;
  } else if (const auto *lambda = llvm::dyn_cast<clang::LambdaExpr>(statement)) {
    for (const clang::Expr *capture : lambda->capture_inits())
      found |= note(capture);
  } else if (const auto *jump = llvm::dyn_cast<clang::CoreturnStmt>(statement)) {
    // The operand is part of the call of return_value, and stands before that of return_void.
    if (!note(jump->getPromiseCall()))
      note(jump->getOperand());
    found = true;
  } else {
    for (const clang::Stmt *child : statement->children())
      found |= note(child);
    // The source still has the branch that an instantiation discards.
    const auto *choice = llvm::dyn_cast<clang::IfStmt>(statement);
    found |= choice && choice->isConstexpr() && function_.isTemplateInstantiation();
  }
  if (found)
    holding_.insert(statement);
  return found;
}

/// Points stand in the order of their keywords; those of one place in the order of the walk.
void view_builder::number_points(const std::vector<position> &keys) {
  if (keys.size() != suspends_.size() + 2)
    return;
  std::vector<std::size_t> order(suspends_.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {},
                    [&](std::size_t i) { return std::pair(places_.presumed(suspends_[i]->getKeywordLoc()), i); });
  for (std::uint32_t i = 0; i < order.size(); ++i)
    points_[suspends_[order[i]]] = {i + 1};
}

std::string view_builder::type_of(clang::QualType type) const {
  std::string text = type_text(type, context_);
  if (text == "__size_t")
    return "std::size_t";
  return text.size() > 48 || text.find("(lambda") != std::string::npos ? "auto" : text;
}

std::string view_builder::fresh(const char *kind) { return unused(kind + ("_" + std::to_string(++numbers_[kind]))); }

std::string view_builder::unused(std::string name) const {
  while (source_.find(name) != std::string::npos)
    name += '_';
  return name;
}

/// What makes the awaiter, with the conversions that the language adds.
std::string view_builder::awaiter_text(const clang::Expr &common) const {
  const clang::Expr *made = unwrapped(common);
  if (const auto *converted = llvm::dyn_cast<clang::CXXOperatorCallExpr>(made);
      converted && converted->getOperator() == clang::OO_Coawait) {
    const std::string awaitable = awaiter_text(*converted->getArg(0));
    return llvm::isa_and_nonnull<clang::CXXMethodDecl>(converted->getCalleeDecl())
               ? awaitable + ".operator co_await()"
               : "operator co_await(" + awaitable + ")";
  }
  const std::optional<promise_call> call = as_promise_call(made);
  if (!call)
    return one_line(common);
  std::string arguments;
  for (const clang::Expr *argument : call->arguments)
    arguments += (arguments.empty() ? "" : ", ") + one_line(*argument);
  return "promise." + call->member.str() + "(" + arguments + ")";
}

void view_builder::state_line(suspend_point_id point, const std::string &what) {
  lines.state(point_label(value_, point) + ": " + what, point);
  shown_.insert(point);
}

/// How the coroutine is left once it counts as suspended.
void view_builder::leave(const clang::CoroutineSuspendExpr &suspend, suspend_point_id point,
                         const std::string &awaiter) {
  const suspend_point &described = value_.suspend_points[point.value];
  const std::string call = awaiter + ".await_suspend(handle)";
  lines.expansion("state = " + point_label(value_, point) + ";  // suspended");
  if (described.kind == suspend_kind::final)
    lines.comment("handle.done() is true");
  if (always_suspends(suspend.getCommonExpr()->getType())) {
    lines.expansion("return;");
  } else if (described.returns == await_suspend_result::handle) {
    lines.expansion("return " + call + ".resume();  // symmetric transfer");
  } else if (described.returns == await_suspend_result::bool_) {
    lines.open(view_line_kind::expansion, "if (" + call + ")");
    lines.expansion("return;");
    lines.outdent();
  } else {
    lines.expansion(call + ";");
    lines.expansion("return;");
  }
  std::string destroyed;
  for (const destruction &one : described.destroyed)
    destroyed += (destroyed.empty() ? "" : ", ") + one.object;
  state_line(point, (described.kind == suspend_kind::final ? "never resumed" : "resumed here") +
                        (destroyed.empty() ? std::string("; destroy() leaves the scopes around")
                                           : "; destroy() ends " + destroyed));
}

void view_builder::suspend_lines(const clang::CoroutineSuspendExpr &suspend, suspend_point_id point,
                                 const std::string &awaiter) {
  const clang::Expr &common = *suspend.getCommonExpr();
  lines.expansion(declared(common, awaiter) + " = " + awaiter_text(common) + ";");
  end_later(common, awaiter);
  const std::optional<bool> always = always_suspends(common.getType());
  if (always == false) {
    state_line(point, "never suspends: await_ready() is true");
  } else if (always == true) {
    leave(suspend, point, awaiter);
  } else {
    lines.open(view_line_kind::expansion, "if (!" + awaiter + ".await_ready()) {");
    leave(suspend, point, awaiter);
    lines.close(view_line_kind::expansion);
  }
}

void view_builder::lift_suspend(const clang::CoroutineSuspendExpr &suspend) {
  const clang::Expr &common = *suspend.getCommonExpr();
  lift(&common);
  // What the operand makes on the way lives on while the coroutine is suspended.
  for (const clang::Expr *operand : operands_of(object_of(common)))
    keep_temporaries(*operand);
  const auto point = points_.find(&suspend);
  if (point == points_.end())
    return;
  const std::optional<range> outer = lines.stems_from(places_.of(suspend.getSourceRange()));
  const std::string awaiter = unused("awaiter_" + std::to_string(point->second.value));
  suspend_lines(suspend, point->second, awaiter);
  lines.stems_from(outer);
  text.replace(suspend, awaiter + ".await_resume()");
}

/// What the initial await_resume throws is caught like what the body throws.
void view_builder::resume_implicit(const clang::CoroutineSuspendExpr &suspend, const std::string &awaiter,
                                   bool is_final) {
  const clang::FunctionDecl *resume = find_callee(suspend.getResumeExpr(), "await_resume");
  const auto *type = resume ? resume->getType()->getAs<clang::FunctionProtoType>() : nullptr;
  const bool may_throw = !is_final && type && !type->isNothrow() &&
                         llvm::cast<clang::CoroutineBodyStmt>(function_.getBody())->getExceptionHandler();
  if (may_throw)
    lines.open(view_line_kind::expansion, "try {");
  lines.expansion(awaiter + ".await_resume();");
  if (!may_throw)
    return;
  lines.between(view_line_kind::expansion, "} catch (...) {");
  lines.expansion("promise.unhandled_exception();");
  lines.expansion("goto final_suspend;");
  lines.close(view_line_kind::expansion);
}

void view_builder::implicit_suspend(const clang::Stmt *statement, suspend_point_id point) {
  const clang::CoroutineSuspendExpr *suspend = find_suspend(statement);
  if (!suspend)
    return;
  const bool is_final = value_.suspend_points[point.value].kind == suspend_kind::final;
  const std::string awaiter = unused(is_final ? "final_awaiter" : "initial_awaiter");
  suspend_lines(*suspend, point, awaiter);
  if (!always_suspends(suspend->getCommonExpr()->getType()))
    resume_implicit(*suspend, awaiter, is_final);
  end_full_expression();
}

/// Of what is not compiled the points are named, so that none is missed.
void view_builder::discard(const clang::Stmt *statement) {
  if (!holds(statement))
    return;
  if (const auto *suspend = llvm::dyn_cast<clang::CoroutineSuspendExpr>(statement)) {
    discard(suspend->getCommonExpr());
    if (const auto point = points_.find(suspend); point != points_.end()) {
      lines.comment(point_label(value_, point->second) + " is discarded: no code is made of it");
      shown_.insert(point->second);
    }
    return;
  }
  for (const clang::Stmt *child : statement->children())
    discard(child);
}

void view_builder::admit_missing() {
  for (std::uint32_t i = 0; i < value_.suspend_points.size(); ++i)
    if (!shown_.contains({i})) {
      lines.stems_from(value_.suspend_points[i].where);
      lines.comment(point_label(value_, suspend_point_id{i}) + " stands in code that is shown as written");
    }
}

} // namespace coroscope::frontend
