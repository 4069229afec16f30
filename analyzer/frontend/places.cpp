// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/places.h"

#include "model/displayed_path.h"

#include <clang/AST/Decl.h>
#include <clang/AST/StmtCXX.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Lex/Lexer.h>

namespace coroscope::frontend {

clang::CharSourceRange place_reader::file_range(clang::SourceRange tokens) const {
  const clang::CharSourceRange exact =
      clang::Lexer::makeFileCharRange(clang::CharSourceRange::getTokenRange(tokens), sources_, language_);
  if (exact.isValid())
    return exact;
  const clang::CharSourceRange expansion = sources_.getExpansionRange(tokens);
  return clang::Lexer::getAsCharRange(expansion, sources_, language_);
}

file_id place_reader::file_of(clang::SourceLocation location) {
  const clang::FileID file = sources_.getFileID(sources_.getFileLoc(location));
  const auto [known, is_new] = ids_.try_emplace(file, file_id{static_cast<std::uint32_t>(order_.size())});
  if (is_new)
    order_.push_back(file);
  return known->second;
}

std::optional<range> place_reader::of(clang::SourceRange tokens) {
  if (tokens.isInvalid())
    return std::nullopt;
  const clang::CharSourceRange characters = file_range(tokens);
  if (characters.isInvalid() || sources_.isWrittenInBuiltinFile(characters.getBegin()))
    return std::nullopt;
  const auto at = [&](clang::SourceLocation location) {
    return position{sources_.getSpellingLineNumber(location), sources_.getSpellingColumnNumber(location)};
  };
  range place{file_of(characters.getBegin()), at(characters.getBegin()), at(characters.getEnd()), {}};
  if (tokens.getBegin().isMacroID()) {
    const clang::CharSourceRange expansion =
        clang::Lexer::getAsCharRange(sources_.getExpansionRange(tokens.getBegin()), sources_, language_);
    place.expansions.push_back({file_of(expansion.getBegin()), at(expansion.getBegin()), at(expansion.getEnd()), {}});
  }
  return place;
}

std::string place_reader::text(clang::SourceRange tokens) const {
  if (tokens.isInvalid())
    return {};
  return clang::Lexer::getSourceText(file_range(tokens), sources_, language_).str();
}

position place_reader::presumed(clang::SourceLocation location) const {
  const clang::PresumedLoc presumed = sources_.getPresumedLoc(sources_.getFileLoc(location));
  return presumed.isValid() ? position{presumed.getLine(), presumed.getColumn()} : position{};
}

std::vector<source_file> place_reader::files(bool with_text) const {
  std::vector<source_file> files;
  for (const clang::FileID file : order_) {
    source_file described;
    if (const clang::OptionalFileEntryRef entry = sources_.getFileEntryRefForID(file))
      described.path = displayed_path(entry->getName().str());
    if (with_text)
      described.text = sources_.getBufferData(file).str();
    files.push_back(std::move(described));
  }
  return files;
}

clang::SourceRange written_body(const clang::FunctionDecl &coroutine) {
  const clang::CompoundStmt &body = *llvm::cast<clang::CoroutineBodyStmt>(coroutine.getBody())->getBody();
  const clang::SourceRange tokens = body.getSourceRange();
  return tokens.isValid() || body.body_empty() ? tokens : body.body_front()->getSourceRange();
}

} // namespace coroscope::frontend
