// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text of a piece of the tree, with some parts of it replaced: as the source has it where that is possible, else,
// inside macros and pack expansions, as Clang prints the tree.
//
//   (tree, part -> text) --source characters, else Clang's printer--> text
#pragma once

#include "frontend/places.h"

#include <map>
#include <string>

namespace clang {
class ASTContext;
class Decl;
class Stmt;
} // namespace clang

namespace coroscope::frontend {

class written_text {
public:
  /// References to `promise` are written "promise". Where `is_instantiation`, a pack is spelled out.
  written_text(const clang::ASTContext &context, const clang::Decl &promise, bool is_instantiation)
      : context_(context), promise_(promise), is_instantiation_(is_instantiation) {}

  /// From now on `part` is written as `text`.
  void replace(const clang::Stmt &part, std::string text) { replaced_[&part] = std::move(text); }

  [[nodiscard]] bool is_replaced(const clang::Stmt &part) const { return replaced_.contains(&part); }

  [[nodiscard]] std::string of(const clang::Stmt &statement) const;

  /// The source between two tokens, both included, with what of `inside` is replaced; "" where a macro made it.
  [[nodiscard]] std::string between(clang::SourceRange tokens, const clang::Stmt *inside) const;

  /// Whether `of` gives the characters of the source, not what Clang prints.
  [[nodiscard]] bool is_written(const clang::Stmt &statement) const;

  /// As Clang prints it.
  [[nodiscard]] std::string printed(const clang::Stmt &statement) const;

private:
  const clang::ASTContext &context_;
  const clang::Decl &promise_;
  bool is_instantiation_;
  std::map<const clang::Stmt *, std::string> replaced_;
};

} // namespace coroscope::frontend
