// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/return_reader.h"

#include "frontend/calls.h"
#include "frontend/names.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>
#include <clang/Analysis/CFG.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

class return_finder {
public:
  return_finder(const clang::ASTContext &context, place_reader &places) : context_(context), places_(places) {}

  void visit(const clang::Stmt *statement) {
    if (!statement || llvm::isa<clang::LambdaExpr>(statement))
      return;
    if (const auto *jump = llvm::dyn_cast<clang::CoreturnStmt>(statement))
      found.statements.push_back(
          {.where = places_.of(jump->getSourceRange()).value_or(range{}), .call = called_by(jump)});
    else if (const auto *suspend = llvm::dyn_cast<clang::CoroutineSuspendExpr>(statement))
      visit(suspend->getCommonExpr()); // the others hold it too
    else
      for (const clang::Stmt *child : statement->children())
        visit(child);
  }

  std::optional<chosen_function> called_by(const clang::Stmt *statement) {
    const std::optional<promise_call> call = as_promise_call(statement);
    if (!call || !call->callee)
      return std::nullopt;
    chosen_function chosen = frontend::chosen(*call->callee, context_, places_);
    std::optional<chosen_function> &known = call->member == "return_value" ? found.return_value : found.return_void;
    if (!known)
      known = chosen;
    return chosen;
  }

  read_returns_result found;

private:
  const clang::ASTContext &context_;
  place_reader &places_;
};

bool ends_with_try(const clang::CFGBlock &block) {
  return llvm::isa_and_nonnull<clang::CXXTryStmt>(block.getTerminatorStmt());
}

/// Of a block whose successor is the exit: whether it gets there without an exception, a jump or a function that does
/// not return.
bool flows_off(const clang::CFGBlock &block) {
  if (block.hasNoReturnElement() || ends_with_try(block))
    return false;
  const auto last = block.empty() ? std::nullopt : block.back().getAs<clang::CFGStmt>();
  return !last || !llvm::isa<clang::CoreturnStmt, clang::CXXThrowExpr>(last->getStmt());
}

/// Whether control can flow off the end, as far as conditions are constant; Clang warns by the same measure.
bool can_reach_the_end(const clang::FunctionDecl &function, const clang::CoroutineBodyStmt &body,
                       clang::ASTContext &context) {
  const std::unique_ptr<clang::CFG> graph = clang::CFG::buildCFG(&function, body.getBody(), &context, {});
  if (!graph)
    return true;
  std::vector<bool> seen(graph->getNumBlockIDs());
  std::vector<const clang::CFGBlock *> reached = {&graph->getEntry()};
  for (const clang::CFGBlock *handlers : graph->try_blocks())
    reached.push_back(handlers);
  while (!reached.empty()) {
    const clang::CFGBlock &block = *reached.back();
    reached.pop_back();
    if (seen[block.getBlockID()])
      continue;
    seen[block.getBlockID()] = true;
    for (const clang::CFGBlock::AdjacentBlock &next : block.succs()) {
      const clang::CFGBlock *reachable = next.getReachableBlock();
      if (reachable == &graph->getExit() && flows_off(block))
        return true;
      if (reachable)
        reached.push_back(reachable);
    }
  }
  return false;
}

} // namespace

read_returns_result read_returns(const clang::FunctionDecl &function, const clang::CoroutineBodyStmt &body,
                                 clang::ASTContext &context, place_reader &places) {
  return_finder finder(context, places);
  finder.visit(body.getBody());
  const std::optional<chosen_function> at_the_end = finder.called_by(body.getFallthroughHandler());
  if (can_reach_the_end(function, body, context))
    finder.found.statements.push_back({.where = places.of(written_body(function).getEnd()).value_or(range{}),
                                       .is_implicit = true,
                                       .call = at_the_end});
  return std::move(finder.found);
}

} // namespace coroscope::frontend
