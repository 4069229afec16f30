// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/coroutine_reader.h"

#include "frontend/calls.h"
#include "frontend/names.h"
#include "frontend/suspend_reader.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/Mangle.h>
#include <clang/AST/StmtCXX.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

std::string record_name(clang::QualType type) {
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  return record ? record->getName().str() : std::string();
}

/// Walks what the coroutine executes: not the bodies of lambdas, which are functions of their own.
class body_walk {
public:
  body_walk(coroutine_facts &facts, clang::ASTContext &context, place_reader &places)
      : facts_(facts), context_(context), places_(places) {}

  void visit(const clang::Stmt *statement) {
    if (!statement)
      return;
    if (const auto *suspend = llvm::dyn_cast<clang::CoroutineSuspendExpr>(statement)) {
      visit(suspend->getCommonExpr());
      visit(suspend->getResumeExpr());
      add(read_suspend(*suspend, context_, places_));
      return;
    }
    if (const auto *lambda = llvm::dyn_cast<clang::LambdaExpr>(statement)) {
      for (const clang::Expr *capture : lambda->capture_inits())
        visit(capture);
      return;
    }
    if (const auto *jump = llvm::dyn_cast<clang::CoreturnStmt>(statement)) {
      // The operand is part of the call where there is one: reading both would count it twice.
      visit(jump->getPromiseCall() ? jump->getPromiseCall() : jump->getOperand());
      return;
    }
    if (llvm::isa<clang::OpaqueValueExpr>(statement))
      return;
    note_objects(*statement);
    for (const clang::Stmt *child : statement->children())
      visit(child);
  }

  void add_variable(const clang::VarDecl &variable) {
    facts_.variables.push_back({.name = variable.getName().str(),
                                .type = type_text(variable.getType(), context_),
                                .key = {places_.presumed(variable.getLocation()).line, 0},
                                .where = places_.of(variable.getSourceRange()),
                                .members = members_of(variable.getType(), context_)});
  }

  void add(read_point point) {
    facts_.value.suspend_points.push_back(std::move(point.value));
    facts_.keys.push_back(std::move(point.key));
  }

private:
  void note_objects(const clang::Stmt &statement) {
    if (const auto *declaration = llvm::dyn_cast<clang::DeclStmt>(&statement)) {
      for (const clang::Decl *declared : declaration->decls())
        if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(declared))
          add_variable(*variable);
    } else if (const auto *handler = llvm::dyn_cast<clang::CXXCatchStmt>(&statement)) {
      if (handler->getExceptionDecl())
        add_variable(*handler->getExceptionDecl());
    } else if (const auto *temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(&statement)) {
      add_temporary(*temporary->getSubExpr());
    } else if (const auto *bound = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(&statement)) {
      add_temporary(*bound->getSubExpr());
    }
  }

  /// Code generation marks a temporary's birth with the place of the expression or of its first token.
  void add_temporary(const clang::Expr &expression) {
    const named_object object{.name = {},
                              .type = qualified_type_text(expression.getType(), context_),
                              .record = record_name(expression.getType()),
                              .key = places_.presumed(expression.getExprLoc()),
                              .where = places_.of(expression.getSourceRange()),
                              .members = members_of(expression.getType(), context_)};
    facts_.temporaries.push_back(object);
    if (const position begin = places_.presumed(expression.getBeginLoc()); begin != object.key) {
      facts_.temporaries.push_back(object);
      facts_.temporaries.back().key = begin;
    }
  }

  coroutine_facts &facts_;
  clang::ASTContext &context_;
  place_reader &places_;
};

/// return_value and return_void are called by the co_return statements of the body and by flowing off its end.
const clang::FunctionDecl *called_on_return(const clang::Stmt *statement, llvm::StringRef name) {
  if (!statement)
    return nullptr;
  if (const auto *jump = llvm::dyn_cast<clang::CoreturnStmt>(statement))
    if (const clang::FunctionDecl *found = find_callee(jump->getPromiseCall(), name))
      return found;
  for (const clang::Stmt *child : statement->children())
    if (const clang::FunctionDecl *found = called_on_return(child, name))
      return found;
  return nullptr;
}

promise_type read_promise(const clang::CoroutineBodyStmt &body, clang::ASTContext &context, place_reader &places) {
  promise_type promise;
  const clang::VarDecl *variable = body.getPromiseDecl();
  const clang::QualType type = variable->getType();
  promise.type = qualified_type_text(type, context);
  promise.size = static_cast<std::uint64_t>(context.getTypeSizeInChars(type).getQuantity());
  promise.align = static_cast<std::uint64_t>(context.getTypeAlignInChars(type).getQuantity());
  promise.members = members_of(type, context);
  if (const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl())
    promise.where = places.of(record->getLocation());
  const auto choose = [&](const clang::FunctionDecl *function) {
    return function ? std::optional(chosen(*function, context, places)) : std::nullopt;
  };
  promise.get_return_object = choose(find_callee(body.getReturnValueInit(), "get_return_object"));
  promise.initial_suspend = choose(find_callee(body.getInitSuspendStmt(), "initial_suspend"));
  promise.final_suspend = choose(find_callee(body.getFinalSuspendStmt(), "final_suspend"));
  promise.unhandled_exception = choose(find_callee(body.getExceptionHandler(), "unhandled_exception"));
  promise.return_value = choose(called_on_return(body.getBody(), "return_value"));
  const clang::FunctionDecl *return_void = called_on_return(body.getBody(), "return_void");
  promise.return_void = choose(return_void ? return_void : find_callee(body.getFallthroughHandler(), "return_void"));
  promise.operator_new = choose(find_callee(body.getAllocate(), clang::OO_New));
  promise.operator_delete = choose(find_callee(body.getDeallocate(), clang::OO_Delete));
  return promise;
}

/// Source order; points that one macro expansion made keep the order in which they are evaluated. Final last.
void sort_points(coroutine_facts &facts) {
  std::vector<std::size_t> order(facts.keys.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  const auto rank = [&](std::size_t i) {
    const suspend_kind kind = facts.value.suspend_points[i].kind;
    const int group = kind == suspend_kind::initial ? 0 : kind == suspend_kind::final ? 2 : 1;
    return std::tuple(group, facts.keys[i].where, i);
  };
  std::ranges::sort(order, {}, rank);
  std::vector<suspend_point> points;
  std::vector<point_key> keys;
  for (const std::size_t i : order) {
    points.push_back(std::move(facts.value.suspend_points[i]));
    keys.push_back(std::move(facts.keys[i]));
  }
  facts.value.suspend_points = std::move(points);
  facts.keys = std::move(keys);
}

void read_signature(const clang::FunctionDecl &function, clang::ASTContext &context, place_reader &places,
                    coroutine &value) {
  value.name = function_text(function, context);
  value.mangled = clang::ASTNameGenerator(context).getName(&function);
  value.return_type = type_text(function.getReturnType(), context);
  value.where = places.of(function.getSourceRange()).value_or(range{});
  if (const clang::TemplateArgumentList *arguments = function.getTemplateSpecializationArgs())
    for (const clang::TemplateArgument &argument : arguments->asArray()) {
      std::string text;
      llvm::raw_string_ostream stream(text);
      argument.print(context.getPrintingPolicy(), stream, /*IncludeType=*/false);
      value.template_args.push_back(std::move(text));
    }
}

} // namespace

coroutine_facts read_coroutine(const clang::FunctionDecl &function, clang::ASTContext &context, place_reader &places) {
  const auto &body = *llvm::cast<clang::CoroutineBodyStmt>(function.getBody());
  coroutine_facts facts;
  read_signature(function, context, places, facts.value);
  facts.value.promise = read_promise(body, context, places);

  body_walk walk(facts, context, places);
  if (const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(&function); method && method->isInstance())
    facts.variables.push_back({.name = "this",
                               .type = type_text(method->getThisType(), context),
                               .key = {},
                               .where = places.of(function.getNameInfo().getSourceRange())});
  for (const clang::ParmVarDecl *parameter : function.parameters())
    walk.add_variable(*parameter);
  if (const read_point_result initial =
          read_implicit(body.getInitSuspendStmt(), function, suspend_kind::initial, context, places))
    walk.add(*initial);
  walk.visit(body.getBody());
  if (const read_point_result final =
          read_implicit(body.getFinalSuspendStmt(), function, suspend_kind::final, context, places))
    walk.add(*final);
  sort_points(facts);
  return facts;
}

} // namespace coroscope::frontend
