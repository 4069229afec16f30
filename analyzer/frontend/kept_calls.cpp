// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/kept_calls.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

using calls = std::set<const clang::CallExpr *>;

bool is_cast_within_class(const clang::CastExpr &cast) {
  return cast.getCastKind() == clang::CK_NoOp || cast.getCastKind() == clang::CK_ConstructorConversion;
}

/// What makes the object that `expression` is or that it is copied or moved from; not what it is converted from.
const clang::Expr *maker(const clang::Expr *expression) {
  while (true) {
    const clang::Expr *inner = expression->IgnoreParens();
    if (const auto *whole = llvm::dyn_cast<clang::FullExpr>(inner))
      inner = whole->getSubExpr();
    else if (const auto *temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(inner))
      inner = temporary->getSubExpr();
    else if (const auto *bound = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(inner))
      inner = bound->getSubExpr();
    else if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(inner); cast && is_cast_within_class(*cast))
      inner = cast->getSubExpr();
    else if (const auto *call = llvm::dyn_cast<clang::CallExpr>(inner); call && call->isCallToStdMove())
      inner = call->getArg(0);
    else if (const auto *made = llvm::dyn_cast<clang::CXXConstructExpr>(inner);
             made && made->getNumArgs() > 0 && made->getConstructor()->isCopyOrMoveConstructor())
      inner = made->getArg(0);
    if (inner == expression)
      return inner;
    expression = inner;
  }
}

bool is_named(const clang::NamedDecl &declaration, llvm::ArrayRef<llvm::StringRef> names) {
  return declaration.getIdentifier() && llvm::is_contained(names, declaration.getName());
}

bool is_standard(const clang::NamedDecl *declaration, llvm::ArrayRef<llvm::StringRef> names) {
  return declaration && declaration->isInStdNamespace() && is_named(*declaration, names);
}

bool names(const clang::TemplateArgument &argument, clang::QualType type, const clang::ASTContext &context) {
  if (argument.getKind() == clang::TemplateArgument::Pack)
    return std::ranges::any_of(argument.pack_elements(),
                               [&](const clang::TemplateArgument &one) { return names(one, type, context); });
  return argument.getKind() == clang::TemplateArgument::Type &&
         context.hasSameUnqualifiedType(argument.getAsType(), type);
}

/// The calls among `arguments` whose value goes as it is into the object of the standard library that is a template of
/// `parameters`.
template <class Arguments>
void add_held(const clang::TemplateArgumentList *parameters, Arguments arguments, const clang::ASTContext &context,
              calls &to) {
  for (const clang::Expr *argument : arguments)
    if (const auto *call = llvm::dyn_cast<clang::CallExpr>(maker(argument)))
      if (parameters && std::ranges::any_of(parameters->asArray(), [&](const clang::TemplateArgument &one) {
            return names(one, call->getType(), context);
          }))
        to.insert(call);
}

const clang::TemplateArgumentList *arguments_of(const clang::CXXRecordDecl *record) {
  const auto *instance = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(record);
  return instance ? &instance->getTemplateArgs() : nullptr;
}

/// The calls that make the value of `expression`, or of members that it initialises.
void add_makers(const clang::Expr *expression, calls &to) {
  if (!expression)
    return;
  const clang::Expr *made_by = maker(expression);
  if (const auto *call = llvm::dyn_cast<clang::CallExpr>(made_by)) {
    to.insert(call);
    const clang::FunctionDecl *callee = call->getDirectCallee();
    if (is_standard(callee, {"make_unique", "make_shared", "make_optional"}))
      add_held(callee->getTemplateSpecializationArgs(), call->arguments(), callee->getASTContext(), to);
  } else if (const auto *either = llvm::dyn_cast<clang::ConditionalOperator>(made_by)) {
    add_makers(either->getTrueExpr(), to);
    add_makers(either->getFalseExpr(), to);
  } else if (const auto *list = llvm::dyn_cast<clang::InitListExpr>(made_by)) {
    for (const clang::Expr *member : list->inits())
      add_makers(member, to);
  } else if (const auto *member = llvm::dyn_cast<clang::CXXDefaultInitExpr>(made_by)) {
    add_makers(member->getExpr(), to);
  } else if (const auto *comma = llvm::dyn_cast<clang::BinaryOperator>(made_by); comma && comma->isCommaOp()) {
    add_makers(comma->getRHS(), to);
  } else if (const auto *made = llvm::dyn_cast<clang::CXXConstructExpr>(made_by)) {
    const clang::CXXRecordDecl *record = made->getConstructor()->getParent();
    if (is_standard(record, {"optional", "pair", "tuple"}))
      add_held(arguments_of(record), made->arguments(), record->getASTContext(), to);
  }
}

/// An expression that stands as a statement.
void add_dropped(const clang::Stmt *statement, calls &to) {
  const auto *expression = llvm::dyn_cast<clang::Expr>(statement);
  const clang::Expr *inner = expression ? expression->IgnoreUnlessSpelledInSource() : nullptr;
  const auto *cast = llvm::dyn_cast_or_null<clang::CStyleCastExpr>(inner);
  if (const auto *call = inner ? llvm::dyn_cast<clang::CallExpr>(
                                     maker(cast && cast->getType()->isVoidType() ? cast->getSubExpr() : inner))
                               : nullptr)
    to.insert(call);
}

bool has_trivial_destructor(clang::QualType type) {
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  return record && record->hasDefinition() && record->hasTrivialDestructor();
}

} // namespace

void kept_calls::note_object(const clang::Expr *initialiser) { add_makers(initialiser, kept_); }

void kept_calls::note(const clang::Stmt &statement) {
  if (const auto *declaration = llvm::dyn_cast<clang::DeclStmt>(&statement)) {
    for (const clang::Decl *declared : declaration->decls())
      if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(declared))
        note_object(variable->getInit());
  } else if (const auto *jump = llvm::dyn_cast<clang::ReturnStmt>(&statement)) {
    add_makers(jump->getRetValue(), kept_);
    add_makers(jump->getRetValue(), returned_);
  } else if (const auto *block = llvm::dyn_cast<clang::CompoundStmt>(&statement)) {
    for (const clang::Stmt *one : block->body())
      add_dropped(one, dropped_);
  } else if (const auto *made = llvm::dyn_cast<clang::CXXNewExpr>(&statement)) {
    note_object(made->getInitializer());
  } else if (const auto *operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&statement)) {
    const auto *method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(operation->getDirectCallee());
    if (method && (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator()))
      note_object(operation->getArg(1));
  } else if (const auto *member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&statement)) {
    const clang::CXXMethodDecl *method = member->getMethodDecl();
    if (method && method->getParent()->isInStdNamespace() &&
        is_named(*method, {"push_back", "emplace_back", "push_front", "emplace_front", "push", "emplace", "insert"}))
      add_held(arguments_of(method->getParent()), member->arguments(), method->getASTContext(), kept_);
  }
}

void kept_calls::note_await(const clang::CoroutineSuspendExpr &suspend) {
  const clang::Expr *operand = suspend.getOperand();
  if (!operand)
    return;
  const clang::Expr *inner = maker(operand->IgnoreUnlessSpelledInSource());
  if (const auto *call = llvm::dyn_cast<clang::CallExpr>(inner))
    awaited_.insert(call);
  else if (const auto *name = llvm::dyn_cast<clang::DeclRefExpr>(inner))
    if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(name->getDecl());
        variable && variable->hasLocalStorage() && variable->getInit())
      add_makers(variable->getInit(), awaited_);
}

bool kept_calls::is_dropped(const clang::CallExpr &call) const {
  return dropped_.contains(&call) &&
         (call.getType()->isScalarType() || call.getType()->isVoidType() || has_trivial_destructor(call.getType()));
}

} // namespace coroscope::frontend
