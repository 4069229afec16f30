// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/call_reader.h"

#include "frontend/calls.h"
#include "frontend/names.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>

#include <algorithm>
#include <map>
#include <set>
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

  read_calls_result found;

private:
  void visit(const clang::Stmt *statement) {
    if (!statement)
      return;
    if (const auto *lambda = llvm::dyn_cast<clang::LambdaExpr>(statement)) {
      for (const clang::Expr *capture : lambda->capture_inits())
        visit(capture);
    } else if (const auto *suspend = llvm::dyn_cast<clang::CoroutineSuspendExpr>(statement)) {
      awaited_.insert(called_in(suspend->getOperand()));
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
      note_kept(*statement);
      if (const auto *block = llvm::dyn_cast<clang::CompoundStmt>(statement))
        note_guards(*block);
      const bool is_loop =
          llvm::isa<clang::ForStmt, clang::WhileStmt, clang::DoStmt, clang::CXXForRangeStmt>(statement);
      loops_ += is_loop ? 1 : 0;
      if (const auto *call = llvm::dyn_cast<clang::CallExpr>(statement))
        note(*call);
      for (const clang::Stmt *child : statement->children())
        visit(child);
      loops_ -= is_loop ? 1 : 0;
    }
  }

  /// The call that makes the value of `expression`, where it is one.
  static const clang::CallExpr *called_in(const clang::Expr *expression) {
    return expression ? llvm::dyn_cast<clang::CallExpr>(expression->IgnoreUnlessSpelledInSource()) : nullptr;
  }

  /// The calls that make the value of `expression`, or of members that it initialises.
  static void add_calls_in(const clang::Expr *expression, std::set<const clang::CallExpr *> &calls) {
    if (!expression)
      return;
    const clang::Expr *inner = expression->IgnoreUnlessSpelledInSource();
    if (const auto *call = llvm::dyn_cast<clang::CallExpr>(inner)) {
      calls.insert(call);
    } else if (const auto *either = llvm::dyn_cast<clang::ConditionalOperator>(inner)) {
      add_calls_in(either->getTrueExpr(), calls);
      add_calls_in(either->getFalseExpr(), calls);
    } else if (const auto *list = llvm::dyn_cast<clang::InitListExpr>(inner)) {
      for (const clang::Expr *member : list->inits())
        add_calls_in(member, calls);
    } else if (const auto *cast = llvm::dyn_cast<clang::CStyleCastExpr>(inner); cast && cast->getType()->isVoidType()) {
      add_calls_in(cast->getSubExpr(), calls);
    }
  }

  void note_kept(const clang::Stmt &statement) {
    if (const auto *declaration = llvm::dyn_cast<clang::DeclStmt>(&statement)) {
      for (const clang::Decl *declared : declaration->decls())
        if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(declared))
          add_calls_in(variable->getInit(), kept_);
    } else if (const auto *jump = llvm::dyn_cast<clang::ReturnStmt>(&statement)) {
      add_calls_in(jump->getRetValue(), kept_);
      add_calls_in(jump->getRetValue(), returned_);
    } else if (const auto *block = llvm::dyn_cast<clang::CompoundStmt>(&statement)) {
      for (const clang::Stmt *one : block->body())
        add_calls_in(llvm::dyn_cast<clang::Expr>(one), dropped_);
    }
  }

  [[nodiscard]] bool is_dropped(const clang::CallExpr &call) const {
    return dropped_.contains(&call) &&
           (call.getType()->isScalarType() || call.getType()->isVoidType() || has_trivial_destructor(call.getType()));
  }

  static bool has_trivial_destructor(clang::QualType type) {
    const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
    return record && record->hasDefinition() && record->hasTrivialDestructor();
  }

  /// Locks that only their destructor releases, of mutexes that only the locking thread may release.
  static bool is_guard(const clang::VarDecl &variable) {
    const auto *guard =
        llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(variable.getType()->getAsCXXRecordDecl());
    if (!guard || !guard->isInStdNamespace() || !guard->getIdentifier() ||
        (guard->getName() != "lock_guard" && guard->getName() != "scoped_lock"))
      return false;
    const auto is_mutex = [](const clang::TemplateArgument &argument) {
      const clang::CXXRecordDecl *mutex =
          argument.getKind() == clang::TemplateArgument::Type ? argument.getAsType()->getAsCXXRecordDecl() : nullptr;
      return mutex && mutex->isInStdNamespace() && mutex->getIdentifier() && mutex->getName().ends_with("mutex");
    };
    const llvm::ArrayRef<clang::TemplateArgument> arguments = guard->getTemplateArgs().asArray();
    if (arguments.size() == 1 && arguments[0].getKind() == clang::TemplateArgument::Pack)
      return std::ranges::any_of(arguments[0].pack_elements(), is_mutex);
    return std::ranges::any_of(arguments, is_mutex);
  }

  void note_guards(const clang::CompoundStmt &block) {
    const std::optional<std::size_t> coroutine = number_of(caller_);
    if (!coroutine)
      return;
    std::vector<const clang::VarDecl *> held;
    for (const clang::Stmt *statement : block.body()) {
      if (const auto *declaration = llvm::dyn_cast<clang::DeclStmt>(statement))
        for (const clang::Decl *declared : declaration->decls())
          if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(declared);
              variable && variable->hasLocalStorage() && is_guard(*variable))
            held.push_back(variable);
      const clang::CoroutineSuspendExpr *suspend = held.empty() ? nullptr : find_suspend(statement);
      if (!suspend)
        continue;
      for (const clang::VarDecl *variable : held)
        if (const std::optional<range> where = places_.of(variable->getSourceRange()))
          found.guards.push_back({.coroutine = *coroutine,
                                  .name = variable->getName().str(),
                                  .type = qualified_type_text(variable->getType(), context_),
                                  .where = *where,
                                  .suspend = places_.of(suspend->getSourceRange())});
      held.clear();
    }
  }

  /// The temporary that `expression` refers to: bound to a reference, or seen through a view that was made of it.
  static const clang::MaterializeTemporaryExpr *temporary_in(const clang::Expr *expression) {
    if (const auto *defaulted = llvm::dyn_cast<clang::CXXDefaultArgExpr>(expression))
      return temporary_in(defaulted->getExpr());
    const clang::Expr *inner = expression->IgnoreImpCasts();
    if (const auto *whole = llvm::dyn_cast<clang::ExprWithCleanups>(inner))
      return temporary_in(whole->getSubExpr());
    if (const auto *temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(inner))
      return temporary->getStorageDuration() == clang::SD_FullExpression ? temporary : nullptr;
    return nullptr;
  }

  static bool is_view(clang::QualType type) {
    const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
    return record && record->isInStdNamespace() && record->getIdentifier() &&
           (record->getName() == "basic_string_view" || record->getName() == "span");
  }

  /// The temporary whose conversion function or whose address made a view.
  static const clang::MaterializeTemporaryExpr *seen_through(const clang::Expr *expression) {
    const clang::Expr *inner = expression->IgnoreImplicit();
    if (const auto *call = llvm::dyn_cast<clang::CXXMemberCallExpr>(inner);
        call && llvm::isa_and_nonnull<clang::CXXConversionDecl>(call->getMethodDecl()))
      return temporary_in(call->getImplicitObjectArgument());
    if (const auto *made = llvm::dyn_cast<clang::CXXConstructExpr>(inner); made && made->getNumArgs() > 0) {
      const clang::MaterializeTemporaryExpr *temporary = temporary_in(made->getArg(0));
      return temporary && temporary->getType()->isRecordType() && !is_view(temporary->getType()) ? temporary : nullptr;
    }
    return nullptr;
  }

  /// The variable of the calling function itself that `argument` names, where the function returns the call.
  const clang::VarDecl *own_variable(const clang::CallExpr &call, const clang::Expr *argument) const {
    const auto *name = llvm::dyn_cast<clang::DeclRefExpr>(argument->IgnoreParenNoopCasts(context_)->IgnoreImpCasts());
    const auto *variable = name ? llvm::dyn_cast<clang::VarDecl>(name->getDecl()) : nullptr;
    return variable && returned_.contains(&call) && variable->hasLocalStorage() &&
                   !variable->getType()->isReferenceType() && variable->getDeclContext() == caller_
               ? variable
               : nullptr;
  }

  void note_borrowed(const clang::CallExpr &call, const clang::FunctionDecl &callee, coroutine_call &value) {
    const auto add = [&](borrowed_kind kind, std::string name, const clang::MaterializeTemporaryExpr *temporary,
                         bool is_default = false) {
      const clang::SourceRange range = is_default  ? call.getSourceRange()
                                       : temporary ? temporary->getSourceRange()
                                                   : clang::SourceRange();
      if (const std::optional<coroscope::range> where = temporary ? places_.of(range) : std::nullopt)
        value.borrowed.push_back({.kind = kind, .name = std::move(name), .where = *where});
    };
    const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(&callee);
    const bool is_operator = llvm::isa<clang::CXXOperatorCallExpr>(call) && method && method->isInstance();
    if (const auto *member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&call))
      add(borrowed_kind::object, "this", temporary_in(member->getImplicitObjectArgument()));
    else if (is_operator && !(method->getParent()->isLambda() && method->getParent()->captures().empty()))
      add(method->getParent()->isLambda() ? borrowed_kind::closure : borrowed_kind::object, "this",
          temporary_in(call.getArg(0)));
    const unsigned first = is_operator ? 1 : 0;
    const clang::FunctionDecl *definition = nullptr;
    callee.isDefined(definition);
    for (unsigned i = 0; definition && i < definition->getNumParams() && i + first < call.getNumArgs(); ++i) {
      const clang::ParmVarDecl &parameter = *definition->getParamDecl(i);
      const clang::Expr *argument = call.getArg(i + first);
      if (parameter.getType()->isReferenceType())
        add(borrowed_kind::argument, parameter.getName().str(), temporary_in(argument),
            llvm::isa<clang::CXXDefaultArgExpr>(argument));
      if (const clang::VarDecl *own = parameter.getType()->isReferenceType() ? own_variable(call, argument) : nullptr)
        if (const std::optional<range> where = places_.of(argument->getSourceRange()))
          value.borrowed.push_back({.kind = borrowed_kind::argument,
                                    .name = parameter.getName().str(),
                                    .where = *where,
                                    .variable = own->getName().str()});
      if (is_view(parameter.getType()))
        add(borrowed_kind::argument, parameter.getName().str(), seen_through(argument));
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
        .is_indirect = !callee,
        .is_awaited = awaited_.contains(&call),
        .is_in_loop = loops_ > 0,
        .is_kept = kept_.contains(&call),
        .is_dropped = is_dropped(call)};
    if (is_defined)
      note_borrowed(call, *callee, value);
    found.calls.push_back({.value = std::move(value), .caller = caller_, .callee = callee});
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
  std::set<const clang::CallExpr *> awaited_, kept_, returned_, dropped_; ///< known of a call before it is reached
  int loops_ = 0;                                                         ///< around what is visited
  clang::SourceLocation default_argument_of_;
};

} // namespace

read_calls_result read_calls(std::span<const clang::FunctionDecl *const> functions,
                             std::span<const clang::FunctionDecl *const> coroutines, clang::ASTContext &context,
                             place_reader &places) {
  call_walk walk(coroutines, context, places);
  for (const clang::FunctionDecl *function : functions)
    walk.walk(*function);
  return std::move(walk.found);
}

} // namespace coroscope::frontend
