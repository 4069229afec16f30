// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/call_reader.h"

#include "frontend/borrowed_reader.h"
#include "frontend/control_flow.h"
#include "frontend/guard_reader.h"
#include "frontend/kept_calls.h"
#include "frontend/names.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>

#include <algorithm>
#include <map>
#include <span>
#include <tuple>
#include <utility>

namespace coroscope::frontend {
namespace {

bool is_coroutine(const clang::FunctionDecl &function) {
  const clang::FunctionDecl *definition = nullptr;
  return function.isDefined(definition) && !definition->isDependentContext() &&
         llvm::isa_and_nonnull<clang::CoroutineBodyStmt>(definition->getBody());
}

bool has_promise(const clang::CXXRecordDecl *record, const clang::ASTContext &context) {
  if (!record || !record->hasDefinition())
    return false;
  const clang::DeclarationName name(&context.Idents.get("promise_type"));
  const auto is_type = [](const clang::NamedDecl *member) { return llvm::isa<clang::TypeDecl>(member); };
  const auto in_base = [&](const clang::CXXBaseSpecifier &base) {
    return has_promise(base.getType()->getAsCXXRecordDecl(), context);
  };
  record = record->getDefinition();
  return std::ranges::any_of(record->lookup(name), is_type) || std::ranges::any_of(record->bases(), in_base);
}

class call_walk {
public:
  call_walk(std::span<const clang::FunctionDecl *const> coroutines, clang::ASTContext &context, place_reader &places)
      : context_(context), places_(places) {
    for (std::size_t i = 0; i < coroutines.size(); ++i)
      numbers_[coroutines[i]->getCanonicalDecl()] = i;
  }

  void walk(const clang::FunctionDecl &function) {
    begin(function, &function);
    if (const auto *constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&function))
      for (const clang::CXXCtorInitializer *initialiser : constructor->inits()) {
        fates_.note_object(initialiser->getInit());
        visit(initialiser->getInit());
      }
    const clang::Stmt *body = function.getBody();
    // What the promise adds around the body calls no coroutine.
    if (const auto *coroutine = llvm::dyn_cast_or_null<clang::CoroutineBodyStmt>(body))
      body = coroutine->getBody();
    visit(body);
    finish();
  }

  void walk(const clang::VarDecl &variable) {
    begin(variable, nullptr);
    fates_.note_object(variable.getInit());
    visit(variable.getInit());
    finish();
  }

  read_calls_result found;

private:
  struct made_call {
    const clang::CallExpr *call;
    std::size_t index; ///< into found.calls
    bool is_counted = false;
  };

  void begin(const clang::NamedDecl &caller, const clang::FunctionDecl *function) {
    caller_ = &caller;
    function_ = function;
    fates_ = {};
    made_.clear();
  }

  void visit(const clang::Stmt *statement) {
    if (!statement)
      return;
    if (const auto *lambda = llvm::dyn_cast<clang::LambdaExpr>(statement)) {
      for (const clang::Expr *capture : lambda->capture_inits())
        visit(capture);
    } else if (const auto *suspend = llvm::dyn_cast<clang::CoroutineSuspendExpr>(statement)) {
      fates_.note_await(*suspend);
      visit(suspend->getCommonExpr()); // the other parts repeat it
    } else if (const auto *jump = llvm::dyn_cast<clang::CoreturnStmt>(statement)) {
      visit(jump->getPromiseCall() ? jump->getPromiseCall() : jump->getOperand());
    } else if (const auto *defaulted = llvm::dyn_cast<clang::CXXDefaultArgExpr>(statement)) {
      const clang::SourceLocation outer = std::exchange(default_argument_of_, defaulted->getUsedLocation());
      visit(defaulted->getExpr());
      default_argument_of_ = outer;
    } else if (const auto *member = llvm::dyn_cast<clang::CXXDefaultInitExpr>(statement)) {
      visit(member->getExpr());
    } else if (!is_unevaluated(*statement)) {
      fates_.note(*statement);
      const auto *call = llvm::dyn_cast<clang::CallExpr>(statement);
      const bool is_noted = call && note(*call);
      const std::size_t number = made_.size();
      visit_parts(*statement);
      if (is_noted)
        count(number - 1);
    }
  }

  /// In the order in which they are evaluated.
  void visit_parts(const clang::Stmt &statement) {
    if (const auto *loop = llvm::dyn_cast<clang::ForStmt>(&statement)) {
      for (const clang::Stmt *part : std::initializer_list<const clang::Stmt *>{
               loop->getInit(), loop->getConditionVariableDeclStmt(), loop->getCond(), loop->getBody(), loop->getInc()})
        visit(part);
      return;
    }
    for (const clang::Stmt *child : statement.children())
      visit(child);
  }

  static bool is_unevaluated(const clang::Stmt &statement) {
    if (const auto *type = llvm::dyn_cast<clang::CXXTypeidExpr>(&statement))
      return !type->isPotentiallyEvaluated();
    return llvm::isa<clang::UnaryExprOrTypeTraitExpr, clang::CXXNoexceptExpr, clang::RequiresExpr,
                     clang::OpaqueValueExpr>(statement);
  }

  bool note(const clang::CallExpr &call) {
    const clang::FunctionDecl *callee = call.getDirectCallee();
    const bool is_defined = callee && is_coroutine(*callee);
    // Of a function that is defined elsewhere only its return type tells that it may be a coroutine.
    const bool may_be = (!callee || !callee->isDefined()) && call.isPRValue() &&
                        has_promise(call.getType()->getAsCXXRecordDecl(), context_);
    if (!is_defined && !may_be)
      return false;
    const bool is_written = default_argument_of_.isInvalid();
    coroutine_call value{
        .caller = function_ ? function_text(*function_, context_) : caller_->getQualifiedNameAsString(),
        .callee = callee ? function_text(*callee, context_) : places_.text(call.getCallee()->getSourceRange()),
        .caller_coroutine = number_of(function_),
        .callee_coroutine = number_of(callee),
        .key = places_.presumed(is_written ? call.getExprLoc() : default_argument_of_),
        .where = places_.of(is_written ? call.getSourceRange() : clang::SourceRange(default_argument_of_)),
        .is_defined = is_defined,
        .is_virtual = is_virtual(call),
        .is_indirect = !callee};
    made_.push_back({&call, found.calls.size()});
    found.calls.push_back({.value = std::move(value), .caller = caller_, .callee = callee});
    return true;
  }

  /// Gives the call of `made_` its ordinal: those in its arguments were made before.
  void count(std::size_t number) {
    const auto key_of = [](const read_call &call) { return std::tuple(call.callee, call.value.key); };
    read_call &call = found.calls[made_[number].index];
    unsigned before = 0;
    for (const made_call &other : made_)
      before += other.is_counted && key_of(found.calls[other.index]) == key_of(call) ? 1 : 0;
    made_[number].is_counted = true;
    call.value.ordinal = before + 1;
    for (const made_call &other : made_)
      if (other.is_counted && key_of(found.calls[other.index]) == key_of(call))
        found.calls[other.index].value.of = before + 1;
  }

  /// What is known of the calls when all of the caller was visited.
  void finish() {
    const std::optional<std::size_t> coroutine = number_of(function_);
    std::optional<control_flow> flow;
    if (coroutine) {
      flow.emplace(*function_, context_);
      std::ranges::move(read_guards(*flow, *coroutine, context_, places_), std::back_inserter(found.guards));
    }
    for (const made_call &made : made_) {
      auto &[value, caller, callee] = found.calls[made.index];
      value.is_awaited = fates_.is_awaited(*made.call);
      value.is_repeated = flow && flow->comes_back(*made.call);
      value.is_kept = fates_.is_kept(*made.call);
      value.is_dropped = fates_.is_dropped(*made.call);
      if (value.is_defined)
        value.borrowed =
            read_borrowed(*made.call, *callee, fates_.is_returned(*made.call) ? function_ : nullptr, places_);
    }
  }

  static bool is_virtual(const clang::CallExpr &call) {
    const auto *member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&call);
    const clang::CXXMethodDecl *method = member ? member->getMethodDecl() : nullptr;
    const auto *name = member ? llvm::dyn_cast<clang::MemberExpr>(member->getCallee()->IgnoreParens()) : nullptr;
    return method && method->isVirtual() && name && !name->hasQualifier();
  }

  std::optional<std::size_t> number_of(const clang::FunctionDecl *function) const {
    const auto known = function ? numbers_.find(function->getCanonicalDecl()) : numbers_.end();
    return known == numbers_.end() ? std::nullopt : std::optional(known->second);
  }

  clang::ASTContext &context_;
  place_reader &places_;
  std::map<const clang::FunctionDecl *, std::size_t> numbers_; ///< by canonical declaration
  const clang::NamedDecl *caller_ = nullptr;
  const clang::FunctionDecl *function_ = nullptr; ///< that the caller is, if it is one
  std::vector<made_call> made_;                   ///< by the caller
  kept_calls fates_;
  clang::SourceLocation default_argument_of_;
};

} // namespace

read_calls_result read_calls(const found_coroutines &unit, clang::ASTContext &context, place_reader &places) {
  call_walk walk(unit.definitions, context, places);
  for (const clang::FunctionDecl *function : unit.functions)
    walk.walk(*function);
  for (const clang::VarDecl *variable : unit.variables)
    walk.walk(*variable);
  return std::move(walk.found);
}

} // namespace coroscope::frontend
