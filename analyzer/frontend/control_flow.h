// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which way does a function's body go? Asks Clang's control flow graph, in which calls do not throw and branches that
// are constant are not taken.
#pragma once

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/STLFunctionalExtras.h>

#include <memory>
#include <vector>

namespace clang {
class ASTContext;
class CFG;
class CFGBlock;
class CoroutineSuspendExpr;
class FunctionDecl;
class Stmt;
class VarDecl;
} // namespace clang

namespace coroscope::frontend {

class control_flow {
public:
  control_flow(const clang::FunctionDecl &function, clang::ASTContext &context);
  ~control_flow();
  control_flow(const control_flow &) = delete;
  control_flow &operator=(const control_flow &) = delete;

  /// Whether `statement`, once it ran, may run again before the function ends.
  [[nodiscard]] bool comes_back(const clang::Stmt &statement) const;

  /// The local variables with a destructor that it declares, where a declaration is reached.
  [[nodiscard]] std::vector<const clang::VarDecl *> variables() const;

  /// The first suspension in the text, of those that `counts`, that is reached while `variable` lives; null: none.
  [[nodiscard]] const clang::CoroutineSuspendExpr *
  suspend_in_life(const clang::VarDecl &variable,
                  llvm::function_ref<bool(const clang::CoroutineSuspendExpr &)> counts) const;

private:
  struct point {
    const clang::CFGBlock *block;
    std::size_t element; ///< of the block
  };

  std::unique_ptr<clang::CFG> graph_; ///< null where Clang makes none
  clang::ASTContext &context_;
  llvm::DenseMap<const clang::Stmt *, const clang::CFGBlock *> blocks_;
  std::vector<std::pair<const clang::VarDecl *, point>> declared_;
};

} // namespace coroscope::frontend
