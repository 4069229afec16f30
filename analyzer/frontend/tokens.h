// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which stretches of a source text a reader wants coloured, so that the page needs no highlighter of its own.
#pragma once

#include "model/report.h"

#include <clang/Basic/SourceLocation.h>

#include <set>
#include <string>

namespace clang {
class ASTContext;
class LangOptions;
class SourceManager;
} // namespace clang

namespace coroscope::frontend {

/// The names that types and class templates of the unit are declared under.
std::set<std::string, std::less<>> type_names(clang::ASTContext &context);

/// The tokens of a file, in order; an identifier in `types` is coloured as a type.
std::vector<token> read_tokens(clang::FileID file, const clang::SourceManager &sources,
                               const clang::LangOptions &language, const std::set<std::string, std::less<>> &types);

} // namespace coroscope::frontend
