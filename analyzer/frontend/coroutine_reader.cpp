// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/coroutine_reader.h"

#include "frontend/destruction.h"
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
#include <utility>

namespace coroscope::frontend {
namespace {

/// As LLVM names the class's IR type; a closure's is "anon".
std::string record_name(clang::QualType type) {
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record)
    return {};
  return record->isLambda() ? "anon" : record->getName().str();
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
      // The operand is part of the call of return_value, and stands before that of return_void.
      if (const clang::Expr *operand = jump->getOperand();
          operand && (!jump->getPromiseCall() || operand->getType()->isVoidType()))
        visit(operand);
      visit(jump->getPromiseCall());
      return;
    }
    if (const auto *defaulted = llvm::dyn_cast<clang::CXXDefaultArgExpr>(statement)) {
      const clang::SourceLocation outer = std::exchange(default_argument_of_, defaulted->getUsedLocation());
      visit(defaulted->getExpr());
      default_argument_of_ = outer;
      return;
    }
    if (llvm::isa<clang::OpaqueValueExpr>(statement))
      return;
    note_objects(*statement);
    for (const clang::Stmt *child : statement->children())
      visit(child);
  }

  /// `argument` as in named_object.
  void add_variable(const clang::VarDecl &variable, unsigned argument = 0) {
    facts_.variables.push_back({.name = variable_name(variable),
                                .type = variable_type(variable),
                                .storage = variable.hasLocalStorage()                          ? ""
                                           : variable.getTLSKind() != clang::VarDecl::TLS_None ? "thread"
                                                                                               : "static",
                                .argument = argument,
                                .key = places_.presumed(variable.getLocation()),
                                .where = places_.of(variable.getSourceRange()),
                                .members = members_of(variable.getType(), context_)});
    if (const auto *parts = llvm::dyn_cast<clang::DecompositionDecl>(&variable))
      add_bindings(*parts);
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

  static std::string variable_name(const clang::VarDecl &variable) {
    const auto *parts = llvm::dyn_cast<clang::DecompositionDecl>(&variable);
    if (!parts)
      return variable.getName().str();
    std::string name;
    for (const clang::BindingDecl *binding : parts->bindings())
      name += (name.empty() ? "[" : ", ") + binding->getName().str();
    return name + "]";
  }

  /// As written, but for a member type of a class ("iterator"), which says nothing without its scope.
  std::string variable_type(const clang::VarDecl &variable) const {
    const auto *alias = variable.getType().getNonReferenceType()->getAs<clang::TypedefType>();
    const bool is_member = alias && alias->getDecl()->getDeclContext()->isRecord();
    return is_member ? qualified_type_text(variable.getType(), context_) : type_text(variable.getType(), context_);
  }

  /// The parts of a tuple-like object are references with a name; the object itself is a slot without debug info.
  void add_bindings(const clang::DecompositionDecl &parts) {
    bool is_tuple_like = false;
    for (const clang::BindingDecl *binding : parts.bindings())
      if (const clang::VarDecl *holder = binding->getHoldingVar()) {
        is_tuple_like = true;
        facts_.variables.push_back({.name = binding->getName().str(),
                                    .type = qualified_type_text(holder->getType(), context_),
                                    .key = places_.presumed(binding->getLocation()),
                                    .where = places_.of(binding->getSourceRange())});
      }
    if (!is_tuple_like)
      return;
    named_object object = facts_.variables[facts_.variables.size() - parts.bindings().size() - 1];
    object.type = qualified_type_text(parts.getType(), context_);
    object.record = record_name(parts.getType());
    for (const clang::SourceLocation key : {parts.getLocation(), parts.getBeginLoc()}) {
      object.key = places_.presumed(key);
      facts_.temporaries.push_back(object);
    }
  }

  /// Code generation marks a temporary's birth with the place of the expression or of its first token.
  void add_temporary(const clang::Expr &expression) {
    // A default argument's temporary is made where the function is called.
    const bool is_written = default_argument_of_.isInvalid();
    const named_object object{
        .name = {},
        .type = qualified_type_text(expression.getType(), context_),
        .record = record_name(expression.getType()),
        .key = places_.presumed(is_written ? expression.getExprLoc() : default_argument_of_),
        .where = places_.of(is_written ? expression.getSourceRange() : clang::SourceRange(default_argument_of_)),
        .members = members_of(expression.getType(), context_)};
    facts_.temporaries.push_back(object);
    if (const position begin = places_.presumed(expression.getBeginLoc()); is_written && begin != object.key) {
      facts_.temporaries.push_back(object);
      facts_.temporaries.back().key = begin;
    }
  }

  coroutine_facts &facts_;
  clang::ASTContext &context_;
  place_reader &places_;
  clang::SourceLocation default_argument_of_; ///< the call whose default argument is being visited
};

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
  if (!method || !method->getParent()->isLambda())
    return function.getSourceRange();
  return {method->getParent()->getBeginLoc(), function.getBody()->getEndLoc()};
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
  if (const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(&function); method && method->isInstance())
    facts.variables.push_back({.name = "this",
                               .type = type_text(method->getThisType(), context),
                               .argument = 1,
                               .key = {},
                               .where = places.of(function.getNameInfo().getSourceRange())});
  const bool has_this = !facts.variables.empty();
  for (unsigned i = 0; i < function.getNumParams(); ++i)
    walk.add_variable(*function.getParamDecl(i), i + (has_this ? 2 : 1));
  if (const read_point_result initial =
          read_implicit(body.getInitSuspendStmt(), function, suspend_kind::initial, context, places))
    walk.add(*initial);
  walk.visit(body.getBody());
  if (const read_point_result final =
          read_implicit(body.getFinalSuspendStmt(), function, suspend_kind::final, context, places))
    walk.add(*final);
  sort_points(facts);
  add_destructions(function, body, context, places, facts);
  return facts;
}

} // namespace coroscope::frontend
