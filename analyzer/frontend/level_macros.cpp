// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/level_macros.h"

#include <clang/Basic/SourceManager.h>
#include <clang/Lex/PPCallbacks.h>
#include <clang/Lex/Preprocessor.h>
#include <clang/Lex/Token.h>

namespace coroscope::frontend {
namespace {

/// glibc's headers, which choose inline or out-of-line forms of the same functions, and Clang's own intrinsics.
bool is_harmless(llvm::StringRef path) {
  for (llvm::StringRef part : {"/include/features.h", "/include/stdlib.h", "/include/string.h", "/include/wchar.h",
                               "/include/stdio.h", "/include/math.h", "/include/ctype.h", "/sys/cdefs.h",
                               "/sys/sysmacros.h", "/sys/select.h", "/netinet/in.h", "/lib/clang/"})
    if (path.contains(part))
      return true;
  return path.contains("/bits/") && !path.contains("/c++/");
}

class watcher : public clang::PPCallbacks {
public:
  watcher(const clang::SourceManager &sources, std::optional<level_question> &found)
      : sources_(sources), found_(found) {}

  void MacroExpands(const clang::Token &name, const clang::MacroDefinition &, clang::SourceRange,
                    const clang::MacroArgs *) override {
    note(name);
  }
  void Defined(const clang::Token &name, const clang::MacroDefinition &, clang::SourceRange) override { note(name); }
  void Ifdef(clang::SourceLocation, const clang::Token &name, const clang::MacroDefinition &) override { note(name); }
  void Ifndef(clang::SourceLocation, const clang::Token &name, const clang::MacroDefinition &) override { note(name); }
  void Elifdef(clang::SourceLocation, const clang::Token &name, const clang::MacroDefinition &) override { note(name); }
  void Elifndef(clang::SourceLocation, const clang::Token &name, const clang::MacroDefinition &) override {
    note(name);
  }

private:
  void note(const clang::Token &name) {
    const clang::IdentifierInfo *identifier = name.getIdentifierInfo();
    if (found_ || !identifier)
      return;
    const llvm::StringRef macro = identifier->getName();
    if (macro != "__OPTIMIZE__" && macro != "__OPTIMIZE_SIZE__" && macro != "__NO_INLINE__")
      return;
    const clang::PresumedLoc where = sources_.getPresumedLoc(sources_.getFileLoc(name.getLocation()));
    if (where.isInvalid() || (sources_.isInSystemHeader(name.getLocation()) && is_harmless(where.getFilename())))
      return;
    found_ = level_question{macro.str(), where.getFilename(), where.getLine()};
  }

  const clang::SourceManager &sources_;
  std::optional<level_question> &found_;
};

} // namespace

void watch_level_macros(clang::Preprocessor &preprocessor, std::optional<level_question> &found) {
  preprocessor.addPPCallbacks(std::make_unique<watcher>(preprocessor.getSourceManager(), found));
}

} // namespace coroscope::frontend
