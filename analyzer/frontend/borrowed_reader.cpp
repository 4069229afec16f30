// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/borrowed_reader.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/Attr.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/RecordLayout.h>
#include <clang/Basic/Builtins.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

/// An object that is referred to: a temporary, or a variable by the name that stands there.
struct referent {
  const clang::MaterializeTemporaryExpr *temporary = nullptr;
  const clang::DeclRefExpr *variable = nullptr;
};

using referents = std::vector<referent>;

const clang::CXXRecordDecl *template_of(clang::QualType type) {
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  const auto *instance = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(record);
  return instance ? instance->getSpecializedTemplate()->getTemplatedDecl() : record;
}

bool is_view(clang::QualType type) {
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  return record && record->isInStdNamespace() && record->getIdentifier() &&
         (record->getName() == "basic_string_view" || record->getName() == "span");
}

/// Whether a view that is made of an object of the type is one of what dies with the object. Clang knows it of the
/// standard library's containers, and of classes that are marked [[gsl::Owner]].
bool is_owner(clang::QualType type) {
  const clang::CXXRecordDecl *general = template_of(type);
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  return type->isArrayType() ||
         (record && (record->hasAttr<clang::OwnerAttr>() || general->hasAttr<clang::OwnerAttr>()));
}

/// Calls that give the object that they are given.
bool is_forwarding(const clang::CallExpr &call) {
  switch (call.getBuiltinCallee()) {
  case clang::Builtin::BImove:
  case clang::Builtin::BIforward:
  case clang::Builtin::BIas_const:
    return true;
  default:
    return false;
  }
}

/// The objects that the reference `expression` may refer to.
void find_objects(const clang::Expr *expression, referents &found) {
  const clang::Expr *inner = expression->IgnoreParens();
  if (const auto *defaulted = llvm::dyn_cast<clang::CXXDefaultArgExpr>(inner))
    return find_objects(defaulted->getExpr(), found);
  if (const auto *whole = llvm::dyn_cast<clang::FullExpr>(inner))
    return find_objects(whole->getSubExpr(), found);
  if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(inner)) {
    if (cast->getCastKind() == clang::CK_NoOp || cast->getCastKind() == clang::CK_DerivedToBase ||
        cast->getCastKind() == clang::CK_UncheckedDerivedToBase)
      find_objects(cast->getSubExpr(), found);
  } else if (const auto *temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(inner)) {
    if (temporary->getStorageDuration() == clang::SD_FullExpression)
      found.push_back({.temporary = temporary});
  } else if (const auto *name = llvm::dyn_cast<clang::DeclRefExpr>(inner)) {
    found.push_back({.variable = name});
  } else if (const auto *member = llvm::dyn_cast<clang::MemberExpr>(inner)) {
    const auto *field = llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl());
    if (field && !member->isArrow() && !field->getType()->isReferenceType())
      find_objects(member->getBase(), found);
  } else if (const auto *either = llvm::dyn_cast<clang::ConditionalOperator>(inner)) {
    find_objects(either->getTrueExpr(), found);
    find_objects(either->getFalseExpr(), found);
  } else if (const auto *comma = llvm::dyn_cast<clang::BinaryOperator>(inner)) {
    if (comma->isCommaOp())
      find_objects(comma->getRHS(), found);
  } else if (const auto *call = llvm::dyn_cast<clang::CallExpr>(inner); call && is_forwarding(*call)) {
    find_objects(call->getArg(0), found);
  }
}

/// The owner among what `expression` refers to.
void find_owners(const clang::Expr *expression, referents &found) {
  if (is_owner(expression->getType()))
    find_objects(expression, found);
}

/// The objects that the pointer `expression` points into: an array's elements, or what an owner's data() gives.
void find_pointed(const clang::Expr *expression, referents &found) {
  const clang::Expr *inner = expression->IgnoreParens();
  if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(inner)) {
    if (cast->getCastKind() == clang::CK_ArrayToPointerDecay)
      find_objects(cast->getSubExpr(), found);
    else if (cast->getCastKind() == clang::CK_NoOp)
      find_pointed(cast->getSubExpr(), found);
  } else if (const auto *call = llvm::dyn_cast<clang::CXXMemberCallExpr>(inner)) {
    const clang::CXXMethodDecl *method = call->getMethodDecl();
    if (method && method->getIdentifier() && method->getParent()->isInStdNamespace() &&
        (method->getName() == "data" || method->getName() == "c_str"))
      find_owners(call->getImplicitObjectArgument(), found);
  }
}

/// The objects whose elements the view that `expression` makes is of.
void find_viewed(const clang::Expr *expression, referents &found) {
  const clang::Expr *inner = expression->IgnoreParens();
  if (const auto *defaulted = llvm::dyn_cast<clang::CXXDefaultArgExpr>(inner))
    return find_viewed(defaulted->getExpr(), found);
  if (const auto *whole = llvm::dyn_cast<clang::FullExpr>(inner))
    return find_viewed(whole->getSubExpr(), found);
  if (const auto *temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(inner))
    return find_viewed(temporary->getSubExpr(), found);
  if (const auto *bound = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(inner))
    return find_viewed(bound->getSubExpr(), found);
  if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(inner))
    return find_viewed(cast->getSubExpr(), found);
  if (const auto *either = llvm::dyn_cast<clang::ConditionalOperator>(inner)) {
    find_viewed(either->getTrueExpr(), found);
    find_viewed(either->getFalseExpr(), found);
  } else if (const auto *call = llvm::dyn_cast<clang::CXXMemberCallExpr>(inner)) {
    if (llvm::isa_and_nonnull<clang::CXXConversionDecl>(call->getMethodDecl()))
      find_owners(call->getImplicitObjectArgument(), found);
  } else if (const auto *made = llvm::dyn_cast<clang::CXXConstructExpr>(inner); made && made->getNumArgs() > 0) {
    const clang::Expr *first = made->getArg(0);
    if (is_view(first->getType()))
      find_viewed(first, found);
    else if (first->getType()->isPointerType())
      find_pointed(first, found);
    else
      find_owners(first, found);
  }
}

/// Whether `variable` ends when `function` returns; an argument that the caller destroys ends with the caller's
/// statement.
bool ends_with(const clang::FunctionDecl &function, const clang::VarDecl &variable) {
  if (!variable.hasLocalStorage() || variable.getType()->isReferenceType() || variable.getDeclContext() != &function)
    return false;
  const auto *parameter = llvm::dyn_cast<clang::ParmVarDecl>(&variable);
  return !parameter || !parameter->getType().isDestructedType() || parameter->isDestroyedInCallee();
}

/// The offset of the pointer in a view; none where the parameter is a reference.
std::optional<std::uint64_t> pointer_in(const clang::ParmVarDecl &parameter) {
  const clang::CXXRecordDecl *view =
      is_view(parameter.getType()) ? parameter.getType()->getAsCXXRecordDecl()->getDefinition() : nullptr;
  if (!view)
    return std::nullopt;
  for (const clang::FieldDecl *field : view->fields())
    if (const clang::ASTContext &context = parameter.getASTContext(); field->getType()->isPointerType())
      return static_cast<std::uint64_t>(
          context
              .toCharUnitsFromBits(
                  static_cast<std::int64_t>(context.getASTRecordLayout(view).getFieldOffset(field->getFieldIndex())))
              .getQuantity());
  return std::nullopt;
}

/// Adds what a call borrows.
class reader {
public:
  reader(const clang::CallExpr &call, const clang::FunctionDecl *returned_from, place_reader &places)
      : call_(call), returned_from_(returned_from), places_(places) {}

  void read(const clang::FunctionDecl &callee) {
    const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(&callee);
    const bool has_object = method && method->isImplicitObjectMemberFunction();
    const bool is_operator = has_object && llvm::isa<clang::CXXOperatorCallExpr>(call_);
    if (has_object)
      read_object(*method, is_operator);
    const unsigned first = is_operator ? 1 : 0;
    const clang::FunctionDecl *definition = nullptr;
    callee.isDefined(definition);
    for (unsigned i = 0; definition && i < definition->getNumParams() && i + first < call_.getNumArgs(); ++i)
      read_argument(*definition->getParamDecl(i), *call_.getArg(i + first));
  }

  std::vector<borrowed_argument> found;

private:
  void read_object(const clang::CXXMethodDecl &method, bool is_operator) {
    const bool is_closure = method.getParent()->isLambda();
    if (is_closure && method.getParent()->captures().empty())
      return;
    const auto *member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&call_);
    const clang::Expr *object = is_operator ? call_.getArg(0) : member ? member->getImplicitObjectArgument() : nullptr;
    referents objects;
    if (object && !object->getType()->isPointerType())
      find_objects(object, objects);
    add({.kind = is_closure ? borrowed_kind::closure : borrowed_kind::object, .name = "this"}, objects, nullptr);
  }

  void read_argument(const clang::ParmVarDecl &parameter, const clang::Expr &argument) {
    referents objects;
    if (parameter.getType()->isReferenceType())
      find_objects(&argument, objects);
    else if (is_view(parameter.getType()))
      find_viewed(&argument, objects);
    add({.kind = borrowed_kind::argument,
         .name = parameter.getName().str(),
         .declared = places_.of(parameter.getSourceRange()),
         .pointer = pointer_in(parameter)},
        objects, llvm::dyn_cast<clang::CXXDefaultArgExpr>(&argument));
  }

  /// `borrowed`, once for each of `objects` that ends too early.
  void add(borrowed_argument borrowed, const referents &objects, const clang::CXXDefaultArgExpr *defaulted) {
    for (const referent &object : objects) {
      const auto *variable = object.variable ? llvm::dyn_cast<clang::VarDecl>(object.variable->getDecl()) : nullptr;
      if (!object.temporary && !(variable && returned_from_ && ends_with(*returned_from_, *variable)))
        continue;
      const clang::SourceRange range = defaulted          ? call_.getSourceRange()
                                       : object.temporary ? object.temporary->getSourceRange()
                                                          : object.variable->getSourceRange();
      if (const std::optional<coroscope::range> where = places_.of(range)) {
        borrowed.where = *where;
        borrowed.variable = variable ? variable->getName().str() : "";
        found.push_back(borrowed);
      }
    }
  }

  const clang::CallExpr &call_;
  const clang::FunctionDecl *returned_from_;
  place_reader &places_;
};

} // namespace

std::vector<borrowed_argument> read_borrowed(const clang::CallExpr &call, const clang::FunctionDecl &callee,
                                             const clang::FunctionDecl *returned_from, place_reader &places) {
  reader reader(call, returned_from, places);
  reader.read(callee);
  return std::move(reader.found);
}

} // namespace coroscope::frontend
