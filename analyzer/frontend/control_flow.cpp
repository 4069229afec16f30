// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/control_flow.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>
#include <clang/Analysis/CFG.h>
#include <clang/Basic/SourceManager.h>

#include <set>

namespace coroscope::frontend {
namespace {

std::unique_ptr<clang::CFG> graph_of(const clang::FunctionDecl &function, clang::ASTContext &context) {
  clang::Stmt *body = function.getBody();
  if (auto *coroutine = llvm::dyn_cast_or_null<clang::CoroutineBodyStmt>(body))
    body = coroutine->getBody();
  clang::CFG::BuildOptions options;
  options.setAllAlwaysAdd();
  options.AddImplicitDtors = true;
  return body ? clang::CFG::buildCFG(&function, body, &context, options) : nullptr;
}

void add_successors(const clang::CFGBlock &block, std::vector<const clang::CFGBlock *> &to) {
  for (const clang::CFGBlock::AdjacentBlock &next : block.succs())
    if (const clang::CFGBlock *reached = next.getReachableBlock())
      to.push_back(reached);
}

bool ends(const clang::CFGElement &element, const clang::VarDecl &variable) {
  const auto destroyed = element.getAs<clang::CFGAutomaticObjDtor>();
  return destroyed && destroyed->getVarDecl() == &variable;
}

} // namespace

control_flow::control_flow(const clang::FunctionDecl &function, clang::ASTContext &context)
    : graph_(graph_of(function, context)), context_(context) {
  std::vector<const clang::CFGBlock *> work;
  std::set<const clang::CFGBlock *> known;
  if (graph_)
    work.push_back(&graph_->getEntry());
  while (!work.empty()) {
    const clang::CFGBlock *block = work.back();
    work.pop_back();
    if (!known.insert(block).second)
      continue;
    add_successors(*block, work);
    for (std::size_t i = 0; i < block->size(); ++i) {
      const auto element = (*block)[i].getAs<clang::CFGStmt>();
      if (!element)
        continue;
      blocks_.try_emplace(element->getStmt(), block);
      if (const auto *declaration = llvm::dyn_cast<clang::DeclStmt>(element->getStmt()))
        for (const clang::Decl *declared : declaration->decls())
          if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(declared);
              variable && variable->hasLocalStorage() && variable->getType().isDestructedType())
            declared_.push_back({variable, {block, i}});
    }
  }
}

control_flow::~control_flow() = default;

bool control_flow::comes_back(const clang::Stmt &statement) const {
  const clang::CFGBlock *home = blocks_.lookup(&statement);
  std::vector<const clang::CFGBlock *> work;
  std::set<const clang::CFGBlock *> known;
  if (home)
    add_successors(*home, work);
  while (!work.empty()) {
    const clang::CFGBlock *block = work.back();
    work.pop_back();
    if (block == home)
      return true;
    if (known.insert(block).second)
      add_successors(*block, work);
  }
  return false;
}

std::vector<const clang::VarDecl *> control_flow::variables() const {
  std::vector<const clang::VarDecl *> variables;
  for (const auto &[variable, where] : declared_)
    variables.push_back(variable);
  return variables;
}

const clang::CoroutineSuspendExpr *
control_flow::suspend_in_life(const clang::VarDecl &variable,
                              llvm::function_ref<bool(const clang::CoroutineSuspendExpr &)> counts) const {
  const clang::CoroutineSuspendExpr *first = nullptr;
  std::vector<point> work;
  std::set<const clang::CFGBlock *> known;
  for (const auto &[declared, where] : declared_)
    if (declared == &variable)
      work.push_back({where.block, where.element + 1});
  while (!work.empty()) {
    const auto [block, begin] = work.back();
    work.pop_back();
    bool is_over = false;
    for (std::size_t i = begin; i < block->size() && !is_over; ++i) {
      is_over = ends((*block)[i], variable);
      const auto element = (*block)[i].getAs<clang::CFGStmt>();
      const auto *suspend = element ? llvm::dyn_cast<clang::CoroutineSuspendExpr>(element->getStmt()) : nullptr;
      if (suspend && counts(*suspend) &&
          (!first ||
           context_.getSourceManager().isBeforeInTranslationUnit(suspend->getBeginLoc(), first->getBeginLoc())))
        first = suspend;
    }
    std::vector<const clang::CFGBlock *> next;
    if (!is_over)
      add_successors(*block, next);
    for (const clang::CFGBlock *reached : next)
      if (known.insert(reached).second)
        work.push_back({reached, 0});
  }
  return first;
}

} // namespace coroscope::frontend
