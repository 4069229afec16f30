// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which variables are used behind a suspension, as far as the order of the source tells without following the control
// flow: what comes later in the text, or in the same loop, counts as behind.
//
//   declarations, uses, suspends, loops in the order of the walk --use_watch--> last use of each variable, or none
#pragma once

#include "frontend/source_facts.h"

#include <llvm/ADT/DenseMap.h>

namespace clang {
class DeclRefExpr;
class Stmt;
class ValueDecl;
} // namespace clang

namespace coroscope::frontend {

class place_reader;

class use_watch {
public:
  /// `index`: into the variables.
  void declare(const clang::ValueDecl &declaration, std::size_t index);

  /// The children of `statement` are walked next: notes how it uses a variable.
  void enter(const clang::Stmt &statement);

  /// They were walked.
  void leave(const clang::Stmt &statement);

  void suspend(position key);

  /// When all was walked: tells the last uses of those that are not used behind a suspension.
  void finish(std::vector<named_object> &variables, place_reader &places) const;

private:
  struct watched {
    std::size_t index = 0;
    bool is_reference = false;
    bool is_simple = false;             ///< a number, pointer, reference, or a class that is copied byte by byte
    bool is_lost = false;               ///< its address may be known, or a use is behind a suspension
    std::size_t declared = 0, used = 0; ///< when, by steps of the walk
    const clang::DeclRefExpr *last = nullptr;
  };
  struct loop {
    const clang::Stmt *statement = nullptr;
    std::size_t begin = 0;
  };

  void use(const clang::DeclRefExpr &reference, bool is_read);
  [[nodiscard]] const position *suspend_behind(std::size_t step) const;

  llvm::DenseMap<const clang::ValueDecl *, std::size_t> known_; ///< into watched_
  std::vector<watched> watched_;
  std::vector<std::pair<std::size_t, position>> suspends_; ///< by step
  std::vector<loop> loops_;
  const clang::DeclRefExpr *read_ = nullptr, *written_ = nullptr; ///< noted by what is above it
  std::size_t step_ = 1;
  bool jumps_ = false;
};

} // namespace coroscope::frontend
