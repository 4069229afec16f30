// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/written_text.h"

#include "frontend/names.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/Expr.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/PrettyPrinter.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Lex/Lexer.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

using replacements = std::map<const clang::Stmt *, std::string>;

class replacing_printer : public clang::PrinterHelper {
public:
  replacing_printer(const replacements &replaced, const clang::Decl &promise)
      : replaced_(replaced), promise_(promise) {}

  bool handledStmt(clang::Stmt *statement, llvm::raw_ostream &out) override {
    if (const auto found = replaced_.find(statement); found != replaced_.end()) {
      out << found->second;
      return true;
    }
    const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(statement);
    if (reference && reference->getDecl() == &promise_) {
      out << "promise";
      return true;
    }
    return false;
  }

private:
  const replacements &replaced_;
  const clang::Decl &promise_;
};

using part = std::pair<const clang::Stmt *, const std::string *>;

/// The outermost replaced parts in `statement`.
void find_parts(const clang::Stmt *statement, const replacements &replaced, std::vector<part> &parts) {
  if (!statement)
    return;
  if (const auto found = replaced.find(statement); found != replaced.end()) {
    parts.emplace_back(statement, &found->second);
    return;
  }
  if (const auto *lambda = llvm::dyn_cast<clang::LambdaExpr>(statement)) {
    for (const clang::Expr *capture : lambda->capture_inits())
      find_parts(capture, replaced, parts);
    return;
  }
  for (const clang::Stmt *child : statement->children())
    find_parts(child, replaced, parts);
}

/// Offsets of the characters in their file.
struct stretch {
  clang::FileID file;
  unsigned begin = 0;
  unsigned end = 0;
};

std::optional<stretch> stretch_of(clang::SourceRange tokens, const clang::ASTContext &context) {
  if (tokens.isInvalid())
    return std::nullopt;
  const clang::SourceManager &sources = context.getSourceManager();
  const clang::CharSourceRange characters =
      clang::Lexer::makeFileCharRange(clang::CharSourceRange::getTokenRange(tokens), sources, context.getLangOpts());
  if (characters.isInvalid())
    return std::nullopt;
  const auto [file, begin] = sources.getDecomposedLoc(characters.getBegin());
  const auto [end_file, end] = sources.getDecomposedLoc(characters.getEnd());
  if (file != end_file || begin > end)
    return std::nullopt;
  return stretch{file, begin, end};
}

} // namespace

std::string written_text::between(clang::SourceRange tokens, const clang::Stmt *inside) const {
  const std::optional<stretch> whole = stretch_of(tokens, context_);
  if (!whole)
    return {};
  std::string text =
      context_.getSourceManager().getBufferData(whole->file).substr(whole->begin, whole->end - whole->begin).str();
  std::vector<part> parts;
  find_parts(inside, replaced_, parts);
  std::vector<std::pair<stretch, const std::string *>> places;
  for (const auto &[statement, replacement] : parts) {
    const std::optional<stretch> place = stretch_of(statement->getSourceRange(), context_);
    if (!place || place->file != whole->file)
      return {};
    if (place->begin >= whole->begin && place->end <= whole->end)
      places.emplace_back(*place, replacement);
  }
  std::ranges::sort(places, std::ranges::greater(), [](const auto &one) { return one.first.begin; });
  unsigned reached = whole->end;
  for (const auto &[place, replacement] : places) {
    // Two parts in one place are the instances of a pack.
    if (place.end > reached)
      return {};
    text.replace(place.begin - whole->begin, place.end - place.begin, *replacement);
    reached = place.begin;
  }
  return is_instantiation_ && !parts.empty() && text.find("...") != std::string::npos ? "" : text;
}

std::string written_text::printed(const clang::Stmt &statement) const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  replacing_printer helper(replaced_, promise_);
  statement.printPretty(stream, &helper, policy_of(context_), 0, "\n", &context_);
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text;
}

bool written_text::is_written(const clang::Stmt &statement) const {
  return !between(statement.getSourceRange(), &statement).empty();
}

std::string written_text::of(const clang::Stmt &statement) const {
  if (const auto found = replaced_.find(&statement); found != replaced_.end())
    return found->second;
  std::string text = between(statement.getSourceRange(), &statement);
  return text.empty() ? printed(statement) : text;
}

} // namespace coroscope::frontend
