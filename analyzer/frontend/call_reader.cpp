// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/call_reader.h"

#include "frontend/names.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>

#include <algorithm>
#include <map>
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
    caller_ = &function;
    if (const auto *constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&function))
      for (const clang::CXXCtorInitializer *initialiser : constructor->inits())
        visit(initialiser->getInit());
    const clang::Stmt *body = function.getBody();
    // What the promise adds around the body calls no coroutine.
    if (const auto *coroutine = llvm::dyn_cast_or_null<clang::CoroutineBodyStmt>(body))
      body = coroutine->getBody();
    visit(body);
  }

  std::vector<read_call> found;

private:
  void visit(const clang::Stmt *statement) {
    if (!statement)
      return;
    if (const auto *lambda = llvm::dyn_cast<clang::LambdaExpr>(statement)) {
      for (const clang::Expr *capture : lambda->capture_inits())
        visit(capture);
    } else if (const auto *suspend = llvm::dyn_cast<clang::CoroutineSuspendExpr>(statement)) {
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
      if (const auto *call = llvm::dyn_cast<clang::CallExpr>(statement))
        note(*call);
      for (const clang::Stmt *child : statement->children())
        visit(child);
    }
  }

  static bool is_unevaluated(const clang::Stmt &statement) {
    if (const auto *type = llvm::dyn_cast<clang::CXXTypeidExpr>(&statement))
      return !type->isPotentiallyEvaluated();
    return llvm::isa<clang::UnaryExprOrTypeTraitExpr, clang::CXXNoexceptExpr, clang::RequiresExpr,
                     clang::OpaqueValueExpr>(statement);
  }

  void note(const clang::CallExpr &call) {
    const clang::FunctionDecl *callee = call.getDirectCallee();
    const bool is_defined = callee && is_coroutine(*callee);
    // Of a function that is defined elsewhere only its return type tells that it may be a coroutine.
    const bool may_be = (!callee || !callee->isDefined()) && call.isPRValue() &&
                        has_promise(call.getType()->getAsCXXRecordDecl(), context_);
    if (!is_defined && !may_be)
      return;
    const bool is_written = default_argument_of_.isInvalid();
    coroutine_call value{
        .caller = function_text(*caller_, context_),
        .callee = callee ? function_text(*callee, context_) : places_.text(call.getCallee()->getSourceRange()),
        .caller_coroutine = number_of(caller_),
        .callee_coroutine = number_of(callee),
        .key = places_.presumed(is_written ? call.getExprLoc() : default_argument_of_),
        .where = places_.of(is_written ? call.getSourceRange() : clang::SourceRange(default_argument_of_)),
        .is_defined = is_defined,
        .is_virtual = is_virtual(call),
        .is_indirect = !callee};
    found.push_back({.value = std::move(value), .caller = caller_, .callee = callee});
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
  const clang::FunctionDecl *caller_ = nullptr;
  clang::SourceLocation default_argument_of_;
};

} // namespace

std::vector<read_call> read_calls(std::span<const clang::FunctionDecl *const> functions,
                                  std::span<const clang::FunctionDecl *const> coroutines, clang::ASTContext &context,
                                  place_reader &places) {
  call_walk walk(coroutines, context, places);
  for (const clang::FunctionDecl *function : functions)
    walk.walk(*function);
  return std::move(walk.found);
}

} // namespace coroscope::frontend
