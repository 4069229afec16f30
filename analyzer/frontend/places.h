// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where a Clang location is, in the report's terms.
#pragma once

#include "model/report.h"

#include <clang/Basic/SourceLocation.h>

#include <map>
#include <string>
#include <vector>

namespace clang {
class FunctionDecl;
class LangOptions;
class SourceManager;
} // namespace clang

namespace coroscope::frontend {

/// Turns locations into ranges and gives each file they name an id.
class place_reader {
public:
  place_reader(const clang::SourceManager &sources, const clang::LangOptions &language)
      : sources_(sources), language_(language) {}

  /// The characters of `tokens` in their file; for text that a macro made, where it was written out or, failing that,
  /// the expansion.
  std::optional<range> of(clang::SourceRange tokens);

  /// The text that `of` gives the place of.
  [[nodiscard]] std::string text(clang::SourceRange tokens) const;

  /// Line and column as debug info gives them: #line directives count.
  [[nodiscard]] position presumed(clang::SourceLocation location) const;

  /// The files named so far, by id; with their text where `with_text`.
  [[nodiscard]] std::vector<source_file> files(bool with_text) const;

  /// The id of the file that holds `location`.
  file_id file_of(clang::SourceLocation location);

  [[nodiscard]] const std::vector<clang::FileID> &clang_files() const { return order_; }

private:
  [[nodiscard]] clang::CharSourceRange file_range(clang::SourceRange tokens) const;

  const clang::SourceManager &sources_;
  const clang::LangOptions &language_;
  std::map<clang::FileID, file_id> ids_;
  std::vector<clang::FileID> order_;
};

/// The tokens of the body of a coroutine. Clang wraps a function-try-block into a block that is nowhere.
clang::SourceRange written_body(const clang::FunctionDecl &coroutine);

} // namespace coroscope::frontend
