// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/coroutine_reader.h"

#include "frontend/body_walk.h"
#include "frontend/destruction.h"
#include "frontend/lowered_view.h"
#include "frontend/names.h"
#include "frontend/parameter_reader.h"
#include "frontend/promise_reader.h"
#include "frontend/return_reader.h"
#include "frontend/suspend_reader.h"
#include "model/point_label.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/Mangle.h>
#include <clang/AST/StmtCXX.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

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

void add_destructions(const clang::FunctionDecl &function, const clang::CoroutineBodyStmt &body,
                      const clang::ASTContext &context, place_reader &places, coroutine_facts &facts) {
  point_names names;
  for (std::uint32_t i = 0; i < facts.keys.size(); ++i)
    names[facts.keys[i].expression] = point_label(facts.value, suspend_point_id{i});
  auto destroyed = read_destructions(function, body, names, context, places);
  for (std::size_t i = 0; i < facts.keys.size(); ++i)
    facts.value.suspend_points[i].destroyed = std::move(destroyed[facts.keys[i].expression]);
}

/// A lambda begins with its introducer, although its function begins with the parameters or the return type.
clang::SourceRange written_range(const clang::FunctionDecl &function) {
  const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  const bool is_lambda = method && method->getParent()->isLambda();
  return {is_lambda ? method->getParent()->getBeginLoc() : function.getBeginLoc(), written_body(function).getEnd()};
}

void read_signature(const clang::FunctionDecl &function, clang::ASTContext &context, place_reader &places,
                    coroutine &value) {
  value.name = function_text(function, context);
  value.mangled = clang::ASTNameGenerator(context).getName(&function);
  value.return_type = function.getTemplateInstantiationPattern()
                          ? qualified_type_text(function.getReturnType(), context)
                          : type_text(function.getReturnType(), context);
  value.where = places.of(written_range(function)).value_or(range{});
  if (const clang::TemplateArgumentList *arguments = function.getTemplateSpecializationArgs())
    for (const clang::TemplateArgument &argument : arguments->asArray())
      value.template_args.push_back(template_argument_text(argument, context));
}

} // namespace

body_facts read_body(const clang::FunctionDecl &function, clang::ASTContext &context) {
  place_reader places(context.getSourceManager(), context.getLangOpts()); // whose files are no files of the report
  coroutine_facts facts;
  body_walk walk(facts, context, places);
  if (const auto *constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&function))
    for (const clang::CXXCtorInitializer *initializer : constructor->inits())
      walk.visit(initializer->getInit());
  walk.visit(function.getBody());
  for (std::vector<named_object> *objects : {&facts.variables, &facts.temporaries, &facts.expressions, &facts.results})
    for (named_object &object : *objects)
      object.where.reset();
  return std::move(static_cast<body_facts &>(facts));
}

coroutine_facts read_coroutine(const clang::FunctionDecl &function, clang::ASTContext &context, place_reader &places) {
  const auto &body = *llvm::cast<clang::CoroutineBodyStmt>(function.getBody());
  coroutine_facts facts;
  read_signature(function, context, places, facts.value);
  facts.value.promise = read_promise(body, context, places);
  facts.value.parameters = read_parameters(function, body, context, places);
  read_returns_result returns = read_returns(function, body, context, places);
  facts.value.returns = std::move(returns.statements);
  facts.value.promise.return_value = std::move(returns.return_value);
  facts.value.promise.return_void = std::move(returns.return_void);

  body_walk walk(facts, context, places);
  if (const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
      method && method->isImplicitObjectMemberFunction())
    facts.variables.push_back({.name = "this",
                               .type = type_text(method->getThisType(), context),
                               .argument = 1,
                               .key = {},
                               .where = places.of(function.getNameInfo().getSourceRange()),
                               .is_suspended = true});
  const bool has_this = !facts.variables.empty();
  for (unsigned i = 0; i < function.getNumParams(); ++i)
    walk.add_parameter(*function.getParamDecl(i), i + (has_this ? 2 : 1));
  if (const read_point_result initial =
          read_implicit(body.getInitSuspendStmt(), function, suspend_kind::initial, context, places))
    walk.add(*initial);
  walk.visit(body.getBody());
  if (const read_point_result final =
          read_implicit(body.getFinalSuspendStmt(), function, suspend_kind::final, context, places))
    walk.add(*final);
  walk.finish();
  sort_points(facts);
  add_destructions(function, body, context, places, facts);
  std::vector<position> keywords;
  for (const point_key &key : facts.keys)
    keywords.push_back(key.where);
  facts.value.view = lowered_view(function, context, places, facts.value, keywords);
  return facts;
}

} // namespace coroscope::frontend
