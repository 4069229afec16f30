// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/destruction.h"

#include "frontend/lifetime_walk.h"
#include "frontend/names.h"
#include "model/one_line.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclCXX.h>

#include <ranges>

namespace coroscope::frontend {
namespace {

std::string destructor_of(clang::QualType type, const clang::ASTContext &context) {
  const clang::QualType element = context.getBaseElementType(type);
  const clang::CXXRecordDecl *record = element->getAsCXXRecordDecl();
  if (const clang::CXXDestructorDecl *destructor = record ? record->getDestructor() : nullptr)
    return function_text(*destructor, context);
  return "~" + type_text(element, context) + "()";
}

class describer {
public:
  describer(const point_names &names, const clang::ASTContext &context, place_reader &places)
      : names_(names), context_(context), places_(places) {}

  destruction operator()(const living_object &object) {
    std::string text = object_text(object);
    if (object.cleanup)
      return {
          .object = text, .destructor = function_text(*object.cleanup, context_), .place = places_.of(object.where)};
    if (const auto *array = context_.getAsConstantArrayType(object.type))
      text += ", " + std::to_string(context_.getConstantArrayElementCount(array)) + " elements";
    if (object.is_conditional)
      text += ", if made";
    return {.object = text, .destructor = destructor_of(object.type, context_), .place = places_.of(object.where)};
  }

private:
  std::string object_text(const living_object &object) {
    switch (object.kind) {
    case living_object::what::variable:
      return variable_name(*object.variable);
    case living_object::what::part:
      return object.name;
    case living_object::what::awaiter:
      if (const auto name = names_.find(object.suspend); name != names_.end())
        return "awaiter of " + name->second;
      return "awaiter";
    case living_object::what::temporary:
      break;
    }
    return object.is_default_argument ? "temporary of a default argument"
                                      : "temporary " + one_line(places_.text(object.where));
  }

  const point_names &names_;
  const clang::ASTContext &context_;
  place_reader &places_;
};

/// What get_return_object gave where the caller gets another type, the promise, then the parameter copies, the last one
/// first. Clang keeps the first of them in the frame and destroys it here, not where the ramp returns.
std::vector<destruction> destroyed_with_the_state(const clang::FunctionDecl &function,
                                                  const clang::CoroutineBodyStmt &body,
                                                  const clang::ASTContext &context, place_reader &places) {
  std::vector<destruction> state;
  if (const auto *declaration = llvm::dyn_cast_or_null<clang::DeclStmt>(body.getResultDecl()))
    if (const auto *given = llvm::dyn_cast<clang::VarDecl>(declaration->getSingleDecl());
        given && given->needsDestruction(context) == clang::QualType::DK_cxx_destructor)
      state.push_back(
          {.object = "result of get_return_object", .destructor = destructor_of(given->getType(), context)});
  const clang::QualType promise = body.getPromiseDecl()->getType();
  if (promise.isDestructedType() == clang::QualType::DK_cxx_destructor)
    state.push_back({.object = "promise", .destructor = destructor_of(promise, context)});
  for (const clang::ParmVarDecl *parameter : std::views::reverse(function.parameters()))
    if (parameter->getType().isDestructedType() == clang::QualType::DK_cxx_destructor)
      state.push_back({.object = parameter->getName().empty() ? "parameter copy without a name"
                                                              : "parameter copy " + parameter->getName().str(),
                       .destructor = destructor_of(parameter->getType(), context),
                       .place = places.of(parameter->getSourceRange())});
  return state;
}

} // namespace

std::map<const void *, std::vector<destruction>>
read_destructions(const clang::FunctionDecl &function, const clang::CoroutineBodyStmt &body, const point_names &names,
                  const clang::ASTContext &context, place_reader &places) {
  lifetime_walk walk(context);
  walk.visit(body.getInitSuspendStmt());
  walk.visit(body.getBody());
  walk.visit(body.getFinalSuspendStmt());
  const std::vector<destruction> state = destroyed_with_the_state(function, body, context, places);
  describer describe(names, context, places);
  std::map<const void *, std::vector<destruction>> destroyed;
  for (const auto &[suspend, alive] : walk.alive_at) {
    std::vector<destruction> &list = destroyed[suspend];
    for (const living_object &object : std::views::reverse(alive))
      list.push_back(describe(object));
    list.insert(list.end(), state.begin(), state.end());
  }
  return destroyed;
}

} // namespace coroscope::frontend
