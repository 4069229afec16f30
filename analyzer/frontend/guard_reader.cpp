// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/guard_reader.h"

#include "frontend/control_flow.h"
#include "frontend/names.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/ExprCXX.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

bool is_standard(const clang::CXXRecordDecl *record) {
  return record && record->isInStdNamespace() && record->getIdentifier();
}

bool is_mutex(const clang::CXXRecordDecl *record) {
  return is_standard(record) && record->getName().ends_with("mutex");
}

bool is_mutex(const clang::TemplateArgument &argument) {
  return argument.getKind() == clang::TemplateArgument::Type && is_mutex(argument.getAsType()->getAsCXXRecordDecl());
}

/// Of one that could be unlocked before: it locks as it is made, or has been handed the lock, and nobody names it after
/// that.
bool is_locked_all_its_life(const clang::VarDecl &variable) {
  const clang::Expr *init = variable.getInit();
  const auto *made = llvm::dyn_cast_or_null<clang::CXXConstructExpr>(init ? init->IgnoreImplicit() : nullptr);
  if (variable.isReferenced() || !made || made->getNumArgs() == 0 ||
      !is_mutex(made->getArg(0)->getType()->getAsCXXRecordDecl()))
    return false;
  if (made->getNumArgs() == 1)
    return true;
  const clang::CXXRecordDecl *how = made->getArg(1)->getType()->getAsCXXRecordDecl();
  return is_standard(how) && how->getName() == "adopt_lock_t";
}

/// Locks that only their destructor releases, of mutexes that only the locking thread may release.
bool is_guard(const clang::VarDecl &variable) {
  const auto *guard =
      llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(variable.getType()->getAsCXXRecordDecl());
  if (!is_standard(guard))
    return false;
  const llvm::StringRef name = guard->getName();
  const bool is_one = name == "lock_guard" || name == "scoped_lock" ||
                      ((name == "unique_lock" || name == "shared_lock") && is_locked_all_its_life(variable));
  if (!is_one)
    return false;
  const llvm::ArrayRef<clang::TemplateArgument> arguments = guard->getTemplateArgs().asArray();
  const auto locks_mutex = [](const clang::TemplateArgument &argument) { return is_mutex(argument); };
  if (arguments.size() == 1 && arguments[0].getKind() == clang::TemplateArgument::Pack)
    return std::ranges::any_of(arguments[0].pack_elements(), locks_mutex);
  return std::ranges::any_of(arguments, locks_mutex);
}

/// All but those whose awaiter is known to be ready.
bool may_suspend(const clang::CoroutineSuspendExpr &suspend) {
  const clang::CXXRecordDecl *awaiter = suspend.getCommonExpr()->getType()->getAsCXXRecordDecl();
  return !is_standard(awaiter) || awaiter->getName() != "suspend_never";
}

} // namespace

std::vector<held_guard> read_guards(const control_flow &flow, std::size_t number, const clang::ASTContext &context,
                                    place_reader &places) {
  std::vector<held_guard> guards;
  for (const clang::VarDecl *variable : flow.variables()) {
    const clang::CoroutineSuspendExpr *suspend =
        is_guard(*variable) ? flow.suspend_in_life(*variable, may_suspend) : nullptr;
    const std::optional<range> where = suspend ? places.of(variable->getSourceRange()) : std::nullopt;
    if (where)
      guards.push_back({.coroutine = number,
                        .name = variable->getName().str(),
                        .type = qualified_type_text(variable->getType(), context),
                        .where = *where,
                        .suspend = places.of(suspend->getSourceRange())});
  }
  return guards;
}

} // namespace coroscope::frontend
