// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//   statement --visit()--> what it declares, which temporaries it makes, where it suspends --> coroutine_facts
#include "frontend/body_walk.h"

#include "frontend/members.h"
#include "frontend/names.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/ExprCXX.h>
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

bool is_empty_class(clang::QualType type) {
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  return record && record->hasDefinition() && record->isEmpty();
}

/// As written, but for a member type of a class ("iterator"), which says nothing without its scope.
std::string variable_type(const clang::VarDecl &variable, const clang::ASTContext &context) {
  const auto *alias = variable.getType().getNonReferenceType()->getAs<clang::TypedefType>();
  const bool is_member = alias && alias->getDecl()->getDeclContext()->isRecord();
  return is_member ? qualified_type_text(variable.getType(), context) : type_text(variable.getType(), context);
}

/// Empty for one of automatic storage, in the frame or on the stack.
std::string storage_of(const clang::VarDecl &variable) {
  if (variable.hasLocalStorage())
    return "";
  return variable.getTLSKind() != clang::VarDecl::TLS_None ? "thread" : "static";
}

const clang::VarDecl *only_variable(const clang::DeclStmt *declaration) {
  return declaration && declaration->isSingleDecl() ? llvm::dyn_cast<clang::VarDecl>(declaration->getSingleDecl())
                                                    : nullptr;
}

/// Whether what `statement` declares lives no longer than it.
bool is_scope(const clang::Stmt &statement) {
  return !llvm::isa<clang::Expr, clang::DeclStmt, clang::SwitchCase, clang::LabelStmt, clang::AttributedStmt>(
      statement);
}

/// Without what Clang wraps around the expression that makes the object.
const clang::Expr *core(const clang::Expr *expression) {
  if (const auto *bound = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(expression))
    return core(bound->getSubExpr());
  if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(expression);
      cast && (cast->getCastKind() == clang::CK_NoOp || cast->getCastKind() == clang::CK_ConstructorConversion ||
               cast->getCastKind() == clang::CK_UserDefinedConversion))
    return core(cast->getSubExpr());
  if (const auto *whole = llvm::dyn_cast<clang::FullExpr>(expression))
    return core(whole->getSubExpr());
  if (const auto *inner = llvm::dyn_cast<clang::ParenExpr>(expression))
    return core(inner->getSubExpr());
  return expression;
}

bool is_between_numbers(const clang::CastExpr &cast) {
  return cast.getCastKind() == clang::CK_IntegralCast || cast.getCastKind() == clang::CK_FloatingToIntegral ||
         cast.getCastKind() == clang::CK_IntegralToFloating || cast.getCastKind() == clang::CK_FloatingCast;
}

} // namespace

void body_walk::visit(const clang::Stmt *statement) {
  if (!statement)
    return;
  if (const auto *suspend = llvm::dyn_cast<clang::CoroutineSuspendExpr>(statement)) {
    // What await_resume returns is what the whole expression gives: one object.
    if (const clang::Expr *resume = suspend->getResumeExpr())
      seen_.insert(core(resume));
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
    note_whole(*jump);
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
  const std::size_t outer = in_scope_.size();
  const std::size_t first = facts_.variables.size();
  note_objects(*statement);
  uses_.enter(*statement);
  const std::size_t last = facts_.variables.size();
  const auto declared = std::exchange(declared_, {});
  // The initialiser of a variable is evaluated before it lives, unless others are declared before in the same line.
  const auto *declaration = llvm::dyn_cast<clang::DeclStmt>(statement);
  const bool lives_behind = declaration && declaration->isSingleDecl();
  const auto begin_to_live = [&] {
    for (std::size_t variable = first; variable < last; ++variable)
      in_scope_.push_back(variable);
    for (const auto &[variable, index] : declared)
      uses_.declare(*variable, index);
  };
  if (!lives_behind)
    begin_to_live();
  for (const clang::Stmt *child : statement->children()) {
    if (child && llvm::isa<clang::Expr>(child) && !llvm::isa<clang::Expr>(statement))
      note_whole(*child);
    visit(child);
  }
  uses_.leave(*statement);
  if (lives_behind)
    begin_to_live();
  else if (is_scope(*statement))
    in_scope_.resize(outer);
  if (const auto *loop = llvm::dyn_cast<clang::CXXForRangeStmt>(statement))
    note_range_for(*loop);
}

void body_walk::add(read_point point) {
  for (const std::size_t variable : in_scope_)
    facts_.variables[variable].is_suspended = true;
  uses_.suspend(point.key.where);
  facts_.value.suspend_points.push_back(std::move(point.value));
  facts_.keys.push_back(std::move(point.key));
}

void body_walk::add_parameter(const clang::ParmVarDecl &parameter, unsigned argument) {
  named_object &variable = add_variable(parameter);
  variable.argument = argument;
  variable.is_suspended = true;
  if (variable.name.empty())
    variable.words = "unnamed parameter " + std::to_string(parameter.getFunctionScopeIndex() + 1);
}

void body_walk::note_objects(const clang::Stmt &statement) {
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
  } else if (const auto *call = llvm::dyn_cast<clang::CallExpr>(&statement)) {
    note_values({call->getArgs(), call->getNumArgs()});
    note_result(*call);
  } else if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(&statement); cast && is_between_numbers(*cast)) {
    facts_.results.push_back(
        {.type = type_text(cast->getType(), context_), .key = places_.presumed(cast->getExprLoc())});
  } else if (const auto *construction = llvm::dyn_cast<clang::CXXConstructExpr>(&statement)) {
    note_values({construction->getArgs(), construction->getNumArgs()});
  }
}

void body_walk::note_whole(const clang::Stmt &statement) {
  const std::optional<range> where = places_.of(statement.getSourceRange());
  if (!where)
    return;
  facts_.expressions.push_back({.where = where, .text = places_.text(statement.getSourceRange())});
  if (const auto *expression = llvm::dyn_cast<clang::Expr>(&statement)) {
    facts_.expressions.back().type = type_text(expression->getType(), context_);
    facts_.expressions.back().record = record_name(expression->getType());
    const auto *suspend = llvm::dyn_cast<clang::CoroutineSuspendExpr>(core(expression));
    const clang::Expr *gives = suspend && suspend->getResumeExpr() ? suspend->getResumeExpr() : expression;
    facts_.expressions.back().key = places_.presumed(gives->getExprLoc());
  }
}

void body_walk::note_result(const clang::CallExpr &call) {
  const clang::FunctionDecl *callee = call.getDirectCallee();
  const clang::QualType type = callee ? callee->getReturnType() : clang::QualType();
  if (callee && (type->isScalarType() || type->isReferenceType()))
    facts_.results.push_back({.name = callee->getNameAsString(),
                              .type = type_text(type, context_),
                              .key = places_.presumed(call.getExprLoc())});
}

/// Arguments of class type that are passed by value are made for the call alone.
void body_walk::note_values(llvm::ArrayRef<const clang::Expr *> arguments) {
  for (const clang::Expr *argument : arguments)
    if (argument->isPRValue() && argument->getType()->isRecordType() &&
        !llvm::isa<clang::CXXBindTemporaryExpr, clang::CXXDefaultArgExpr>(argument))
      add_temporary(*argument);
}

/// What a range-for declares by itself is named by what it is.
void body_walk::note_range_for(const clang::CXXForRangeStmt &loop) {
  const position at = places_.presumed(loop.getForLoc());
  const std::string the_for = "the for at " + std::to_string(at.line) + ":" + std::to_string(at.column);
  const auto name = [&](const clang::DeclStmt *declaration, const char *what) {
    const clang::VarDecl *variable = only_variable(declaration);
    if (!variable)
      return;
    const position key = places_.presumed(variable->getLocation());
    for (named_object &known : facts_.variables)
      if (known.name == variable->getName() && known.key == key)
        known.words = what + the_for;
  };
  name(loop.getRangeStmt(), "range of ");
  name(loop.getBeginStmt(), "position of ");
  name(loop.getEndStmt(), "end of the range of ");
}

named_object &body_walk::add_variable(const clang::VarDecl &variable) {
  const std::size_t index = facts_.variables.size();
  declared_.emplace_back(&variable, index);
  facts_.variables.push_back({.name = variable_name(variable),
                              .type = variable_type(variable, context_),
                              .storage = storage_of(variable),
                              .key = places_.presumed(variable.getLocation()),
                              .where = places_.of(variable.getSourceRange()),
                              .members = members_of(variable.getType(), context_),
                              .is_empty = is_empty_class(variable.getType())});
  if (const auto *parts = llvm::dyn_cast<clang::DecompositionDecl>(&variable))
    add_bindings(*parts);
  return facts_.variables[index];
}

/// The parts of a tuple-like object are references with a name; the object itself is a slot without debug info.
void body_walk::add_bindings(const clang::DecompositionDecl &parts) {
  bool is_tuple_like = false;
  for (const clang::BindingDecl *binding : parts.bindings())
    if (const clang::VarDecl *holder = binding->getHoldingVar()) {
      is_tuple_like = true;
      declared_.emplace_back(binding, facts_.variables.size());
      facts_.variables.push_back({.name = binding->getName().str(),
                                  .type = qualified_type_text(holder->getType(), context_),
                                  .key = places_.presumed(binding->getLocation()),
                                  .where = places_.of(binding->getSourceRange())});
    } else {
      facts_.variables.push_back({.name = binding->getName().str(),
                                  .type = type_text(binding->getType(), context_),
                                  .key = places_.presumed(binding->getLocation()),
                                  .where = places_.of(binding->getSourceRange())});
    }
  if (!is_tuple_like)
    return;
  named_object object = facts_.variables[facts_.variables.size() - parts.bindings().size() - 1];
  object.type = qualified_type_text(parts.getType(), context_);
  object.record = record_name(parts.getType());
  object.key = places_.presumed(parts.getLocation());
  object.first = places_.presumed(parts.getBeginLoc());
  facts_.temporaries.push_back(std::move(object));
}

/// Code generation marks a temporary's birth with the place of the expression or of its first token.
void body_walk::add_temporary(const clang::Expr &expression) {
  // One that is bound, materialised and passed on is met several times.
  if (!seen_.insert(core(&expression)).second)
    return;
  // A default argument's temporary is made where the function is called.
  const bool is_written = default_argument_of_.isInvalid();
  const position key = places_.presumed(is_written ? expression.getExprLoc() : default_argument_of_);
  facts_.temporaries.push_back(
      {.type = qualified_type_text(expression.getType(), context_),
       .record = record_name(expression.getType()),
       .key = key,
       .first = is_written ? places_.presumed(expression.getBeginLoc()) : key,
       .where = places_.of(is_written ? expression.getSourceRange() : clang::SourceRange(default_argument_of_)),
       .text = places_.text(expression.getSourceRange()),
       .members = members_of(expression.getType(), context_)});
}

} // namespace coroscope::frontend
