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

/// Locks that only their destructor releases, of mutexes that only the locking thread may release.
bool is_guard(const clang::VarDecl &variable) {
  const auto *guard =
      llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(variable.getType()->getAsCXXRecordDecl());
  if (!is_standard(guard) || (guard->getName() != "lock_guard" && guard->getName() != "scoped_lock"))
    return false;
  const auto is_mutex = [](const clang::TemplateArgument &argument) {
    const clang::CXXRecordDecl *mutex =
        argument.getKind() == clang::TemplateArgument::Type ? argument.getAsType()->getAsCXXRecordDecl() : nullptr;
    return is_standard(mutex) && mutex->getName().ends_with("mutex");
  };
  const llvm::ArrayRef<clang::TemplateArgument> arguments = guard->getTemplateArgs().asArray();
  if (arguments.size() == 1 && arguments[0].getKind() == clang::TemplateArgument::Pack)
    return std::ranges::any_of(arguments[0].pack_elements(), is_mutex);
  return std::ranges::any_of(arguments, is_mutex);
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
