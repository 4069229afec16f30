// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/coroutine_finder.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/AST/StmtCXX.h>
#include <clang/Basic/SourceManager.h>
#include <llvm/ADT/DenseSet.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

class finder : public clang::RecursiveASTVisitor<finder> {
public:
  finder(clang::ASTContext &context, bool system_headers) : context_(context), system_headers_(system_headers) {}

  bool shouldVisitTemplateInstantiations() const { return true; }

  bool TraverseDecl(clang::Decl *declaration) {
    if (declaration && !system_headers_ && !llvm::isa<clang::TranslationUnitDecl>(declaration) &&
        context_.getSourceManager().isInSystemHeader(declaration->getLocation()))
      return true;
    return RecursiveASTVisitor::TraverseDecl(declaration);
  }

  bool VisitFunctionDecl(clang::FunctionDecl *function) {
    add(function);
    return true;
  }

  bool VisitVarDecl(clang::VarDecl *variable) {
    if (variable->isFileVarDecl() && variable->getInit() && !variable->getDeclContext()->isDependentContext() &&
        !variable->isTemplated() && !variable->getInit()->isValueDependent())
      found.variables.push_back(variable);
    return true;
  }

  bool VisitLambdaExpr(clang::LambdaExpr *lambda) {
    const clang::CXXMethodDecl *call = lambda->getCallOperator();
    add(call);
    if (const clang::FunctionTemplateDecl *generic = call->getDescribedFunctionTemplate())
      for (const clang::FunctionDecl *specialisation : generic->specializations())
        add(specialisation);
    return true;
  }

  found_coroutines found;

private:
  void add(const clang::FunctionDecl *function) {
    if (!function->doesThisDeclarationHaveABody())
      return;
    if (!function->isDependentContext() && known_.insert(function).second)
      found.functions.push_back(function);
    if (!llvm::isa_and_nonnull<clang::CoroutineBodyStmt>(function->getBody()))
      return;
    auto &list = function->isDependentContext() ? found.uninstantiated : found.definitions;
    if (std::ranges::find(list, function) == list.end())
      list.push_back(function);
  }

  clang::ASTContext &context_;
  bool system_headers_;
  llvm::DenseSet<const clang::FunctionDecl *> known_;
};

bool is_instantiated(const clang::FunctionDecl &pattern, const std::vector<const clang::FunctionDecl *> &definitions) {
  return std::ranges::any_of(definitions, [&](const clang::FunctionDecl *definition) {
    return definition->getTemplateInstantiationPattern() == &pattern ||
           definition->getLocation() == pattern.getLocation();
  });
}

} // namespace

found_coroutines find_coroutines(clang::ASTContext &context, bool system_headers) {
  finder walk(context, system_headers);
  walk.TraverseDecl(context.getTranslationUnitDecl());
  found_coroutines found = std::move(walk.found);
  std::erase_if(found.uninstantiated,
                [&](const clang::FunctionDecl *pattern) { return is_instantiated(*pattern, found.definitions); });
  return found;
}

bool is_left_out(const clang::FunctionDecl &coroutine, clang::ASTContext &context) {
  const clang::GVALinkage linkage = context.GetGVALinkageForFunction(&coroutine);
  const bool may_be_left_out = linkage == clang::GVA_Internal || linkage == clang::GVA_DiscardableODR ||
                               linkage == clang::GVA_AvailableExternally;
  return may_be_left_out && !coroutine.isUsed(/*CheckUsedAttr=*/true) && !coroutine.isReferenced();
}

} // namespace coroscope::frontend
