// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/tokens.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclCXX.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/Basic/IdentifierTable.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Lex/Lexer.h>

namespace coroscope::frontend {
namespace {

void collect_types(const clang::DeclContext &scope, const clang::SourceManager &sources,
                   std::set<std::string, std::less<>> &names) {
  for (const clang::Decl *declaration : scope.decls()) {
    const bool is_type =
        llvm::isa<clang::TypeDecl, clang::ClassTemplateDecl, clang::TypeAliasTemplateDecl>(declaration);
    if (const auto *named = llvm::dyn_cast<clang::NamedDecl>(declaration);
        is_type && named->getIdentifier() && !named->getName().starts_with("_"))
      names.insert(named->getName().str());
    if (const auto *space = llvm::dyn_cast<clang::NamespaceDecl>(declaration))
      collect_types(*space, sources, names);
    // Member types of the standard library would colour ordinary words ("value_type" is one, "first" is not).
    const auto *record = llvm::dyn_cast<clang::CXXRecordDecl>(declaration);
    if (const auto *pattern = llvm::dyn_cast<clang::ClassTemplateDecl>(declaration))
      record = pattern->getTemplatedDecl();
    if (record && record->isThisDeclarationADefinition() && !sources.isInSystemHeader(record->getLocation()))
      collect_types(*record, sources, names);
  }
}

bool is_type_keyword(llvm::StringRef word) {
  static const std::set<llvm::StringRef> words = {"auto",     "bool",   "char",     "char8_t", "char16_t",
                                                  "char32_t", "double", "float",    "int",     "long",
                                                  "short",    "signed", "unsigned", "void",    "wchar_t"};
  return words.contains(word);
}

std::optional<token_kind> kind_of(const clang::Token &raw, const clang::IdentifierTable &keywords,
                                  const std::set<std::string, std::less<>> &types) {
  if (raw.is(clang::tok::comment))
    return token_kind::comment;
  if (clang::tok::isStringLiteral(raw.getKind()) || raw.is(clang::tok::char_constant))
    return token_kind::string;
  if (raw.is(clang::tok::numeric_constant))
    return token_kind::number;
  if (!raw.is(clang::tok::raw_identifier))
    return std::nullopt;
  const llvm::StringRef word = raw.getRawIdentifier();
  if (is_type_keyword(word))
    return token_kind::type;
  const auto known = keywords.find(word);
  if (known != keywords.end() && known->second->getTokenID() != clang::tok::identifier)
    return token_kind::keyword;
  return types.contains(word) ? std::optional(token_kind::type) : std::nullopt;
}

} // namespace

std::set<std::string, std::less<>> type_names(clang::ASTContext &context) {
  std::set<std::string, std::less<>> names;
  collect_types(*context.getTranslationUnitDecl(), context.getSourceManager(), names);
  return names;
}

std::vector<token> read_tokens(clang::FileID file, const clang::SourceManager &sources,
                               const clang::LangOptions &language, const std::set<std::string, std::less<>> &types) {
  const clang::IdentifierTable keywords(language);
  clang::Lexer lexer(file, sources.getBufferOrFake(file), sources, language);
  lexer.SetCommentRetentionState(true);
  std::vector<token> tokens;
  unsigned directive_line = 0;
  clang::Token raw;
  while (!lexer.LexFromRawLexer(raw)) {
    const clang::SourceLocation where = raw.getLocation();
    const unsigned line = sources.getSpellingLineNumber(where);
    if (raw.is(clang::tok::hash) && raw.isAtStartOfLine())
      directive_line = line;
    std::optional<token_kind> kind = kind_of(raw, keywords, types);
    if (line == directive_line && kind != token_kind::string && kind != token_kind::comment)
      kind = token_kind::preprocessor;
    if (kind)
      tokens.push_back({{line, sources.getSpellingColumnNumber(where)}, raw.getLength(), *kind});
  }
  return tokens;
}

} // namespace coroscope::frontend
