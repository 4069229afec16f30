// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/promise_reader.h"

#include "frontend/calls.h"
#include "frontend/members.h"
#include "frontend/names.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

std::optional<chosen_function> choose(const clang::FunctionDecl *function, const clang::ASTContext &context,
                                      place_reader &places) {
  return function ? std::optional(chosen(*function, context, places)) : std::nullopt;
}

/// Clang writes the type of the promise variable as a member of the coroutine_traits it was looked up in.
clang::QualType traits_of(clang::QualType promise) {
  const auto *name = promise->getAs<clang::TypedefType>();
  const auto *record = promise->getAs<clang::TagType>();
  const clang::NestedNameSpecifier scope = name ? name->getQualifier() : record ? record->getQualifier() : std::nullopt;
  return scope.getKind() == clang::NestedNameSpecifier::Kind::Type ? clang::QualType(scope.getAsType(), 0)
                                                                   : clang::QualType();
}

void read_traits(clang::QualType type, const clang::ASTContext &context, place_reader &places, promise_type &promise) {
  const clang::QualType traits = traits_of(type);
  if (traits.isNull())
    return;
  promise.traits = qualified_type_text(traits, context);
  const auto *used = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(traits->getAsCXXRecordDecl());
  if (!used)
    return;
  const clang::NamedDecl *written = used->isExplicitSpecialization() ? used : nullptr;
  if (const auto *partial = llvm::dyn_cast_or_null<clang::ClassTemplatePartialSpecializationDecl *>(
          used->getSpecializedTemplateOrPartial()))
    written = partial;
  promise.is_specialised = written != nullptr;
  if (written)
    promise.traits_where = places.of(written->getLocation());
}

void read_constructor(const clang::CoroutineBodyStmt &body, const clang::ASTContext &context, place_reader &places,
                      promise_type &promise) {
  const promise_creation creation = promise_creation_of(body);
  promise.takes_parameters = !creation.arguments.empty();
  if (creation.constructor && (promise.takes_parameters || !creation.constructor->isTrivial()))
    promise.constructor = choose(creation.constructor, context, places);
}

/// The function that turns what get_return_object gave into what the caller gets.
const clang::FunctionDecl *conversion_in(const clang::CoroutineBodyStmt &body) {
  const clang::Expr *value = body.getResultDecl() ? body.getReturnValue() : nullptr;
  while (value) {
    if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(value))
      if (const auto *function = llvm::dyn_cast_or_null<clang::FunctionDecl>(cast->getConversionFunction()))
        return function;
    if (const auto *construct = llvm::dyn_cast<clang::CXXConstructExpr>(value))
      if (!construct->isElidable() || construct->getNumArgs() != 1)
        return construct->getConstructor();
    const auto inside = value->children();
    value = inside.begin() == inside.end() ? nullptr : llvm::dyn_cast_or_null<clang::Expr>(*inside.begin());
  }
  return nullptr;
}

bool is_nothrow_tag(clang::QualType type) {
  const clang::CXXRecordDecl *record = type.getNonReferenceType()->getAsCXXRecordDecl();
  return record && record->isInStdNamespace() && record->getName() == "nothrow_t";
}

bool has_alignment(const clang::FunctionDecl &function) {
  return std::ranges::any_of(function.parameters(),
                             [](const clang::ParmVarDecl *parameter) { return parameter->getType()->isAlignValT(); });
}

/// Whether operator new is given more than size, alignment and std::nothrow. `...` takes parameters too.
bool takes_parameters(const clang::CallExpr &call) {
  for (unsigned i = 1; i < call.getNumArgs(); ++i)
    if (const clang::QualType type = call.getArg(i)->getType(); !type->isAlignValT() && !is_nothrow_tag(type))
      return true;
  return false;
}

void read_allocation(const clang::CoroutineBodyStmt &body, const clang::ASTContext &context, place_reader &places,
                     promise_type &promise) {
  const clang::FunctionDecl *allocate = find_callee(body.getAllocate(), clang::OO_New);
  promise.operator_new = choose(allocate, context, places);
  if (allocate) {
    promise.new_is_member = llvm::isa<clang::CXXMethodDecl>(allocate);
    promise.is_over_aligned = has_alignment(*allocate);
    const auto *call = llvm::dyn_cast<clang::CallExpr>(body.getAllocate()->IgnoreImplicit());
    promise.new_takes_parameters = call && takes_parameters(*call);
  }
  const clang::FunctionDecl *deallocate = find_callee(body.getDeallocate(), clang::OO_Delete);
  promise.operator_delete = choose(deallocate, context, places);
  promise.delete_is_sized =
      deallocate && deallocate->getNumParams() > 1 && deallocate->getParamDecl(1)->getType()->isIntegerType();
  promise.allocation_failure = choose(
      find_callee(body.getReturnStmtOnAllocFailure(), "get_return_object_on_allocation_failure"), context, places);
}

} // namespace

promise_creation promise_creation_of(const clang::CoroutineBodyStmt &body) {
  const clang::Expr *made = body.getPromiseDecl()->getInit();
  made = made ? made->IgnoreImplicit() : nullptr;
  const auto *construct = llvm::dyn_cast_or_null<clang::CXXConstructExpr>(made);
  while (construct && construct->isElidable() && construct->getNumArgs() == 1) {
    made = construct->getArg(0)->IgnoreImplicit();
    construct = llvm::dyn_cast<clang::CXXConstructExpr>(made);
  }
  promise_creation creation;
  if (construct) {
    creation.constructor = construct->getConstructor();
    creation.arguments.assign(construct->arg_begin(), construct->arg_end());
  } else if (const auto *list = llvm::dyn_cast_or_null<clang::CXXParenListInitExpr>(made)) {
    creation.arguments.assign(list->getUserSpecifiedInitExprs().begin(), list->getUserSpecifiedInitExprs().end());
  }
  llvm::erase_if(creation.arguments, [](const clang::Expr *one) { return llvm::isa<clang::CXXDefaultArgExpr>(one); });
  return creation;
}

promise_type read_promise(const clang::CoroutineBodyStmt &body, const clang::ASTContext &context,
                          place_reader &places) {
  promise_type promise;
  const clang::VarDecl &variable = *body.getPromiseDecl();
  const clang::QualType type = variable.getType();
  promise.type = qualified_type_text(type, context);
  promise.size = static_cast<std::uint64_t>(context.getTypeSizeInChars(type).getQuantity());
  promise.align = static_cast<std::uint64_t>(context.getTypeAlignInChars(type).getQuantity());
  promise.members = members_of(type, context);
  if (const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl())
    promise.where = places.of(record->getLocation());
  read_traits(type, context, places, promise);
  read_constructor(body, context, places, promise);
  const auto called_in = [&](const clang::Stmt *statement, llvm::StringRef name) {
    return choose(find_callee(statement, name), context, places);
  };
  promise.get_return_object = called_in(body.getReturnValueInit(), "get_return_object");
  promise.conversion = choose(conversion_in(body), context, places);
  promise.initial_suspend = called_in(body.getInitSuspendStmt(), "initial_suspend");
  promise.final_suspend = called_in(body.getFinalSuspendStmt(), "final_suspend");
  promise.unhandled_exception = called_in(body.getExceptionHandler(), "unhandled_exception");
  read_allocation(body, context, places, promise);
  return promise;
}

} // namespace coroscope::frontend
