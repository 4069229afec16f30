// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/parameter_reader.h"

#include "frontend/names.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>

namespace coroscope::frontend {
namespace {

/// The constructor that `copy`, a DeclStmt of the parameter copy, calls; null where bytes are copied.
const clang::CXXConstructorDecl *constructor_in(const clang::Stmt &copy) {
  const auto *declaration = llvm::dyn_cast<clang::DeclStmt>(&copy);
  const auto *variable = declaration && declaration->isSingleDecl()
                             ? llvm::dyn_cast<clang::VarDecl>(declaration->getSingleDecl())
                             : nullptr;
  const clang::Expr *made = variable ? variable->getInit() : nullptr;
  const auto *construct = made ? llvm::dyn_cast<clang::CXXConstructExpr>(made->IgnoreImplicit()) : nullptr;
  return construct && !construct->getConstructor()->isTrivial() ? construct->getConstructor() : nullptr;
}

} // namespace

std::vector<parameter_copy> read_parameters(const clang::FunctionDecl &function, const clang::CoroutineBodyStmt &body,
                                            const clang::ASTContext &context, place_reader &places) {
  std::vector<parameter_copy> parameters;
  if (const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
      method && method->isImplicitObjectMemberFunction())
    parameters.push_back({.name = "*this",
                          .type = type_text(method->getFunctionObjectParameterReferenceType(), context),
                          .where = places.of(function.getNameInfo().getSourceRange()),
                          .is_reference = true});
  const llvm::ArrayRef<const clang::Stmt *> copies = body.getParamMoves();
  for (unsigned i = 0; i < function.getNumParams(); ++i) {
    const clang::ParmVarDecl &parameter = *function.getParamDecl(i);
    parameter_copy copy{.name = parameter.getName().str(),
                        .type = type_text(parameter.getType(), context),
                        .where = places.of(parameter.getSourceRange()),
                        .is_reference = parameter.getType()->isReferenceType()};
    if (const auto *constructor = i < copies.size() && copies[i] ? constructor_in(*copies[i]) : nullptr) {
      copy.constructor = chosen(*constructor, context, places);
      copy.is_move = constructor->isMoveConstructor();
    }
    parameters.push_back(std::move(copy));
  }
  return parameters;
}

} // namespace coroscope::frontend
