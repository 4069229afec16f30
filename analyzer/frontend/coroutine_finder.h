// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which functions of a translation unit are there, and which of them are coroutines.
#pragma once

#include <vector>

namespace clang {
class ASTContext;
class FunctionDecl;
class VarDecl;
} // namespace clang

namespace coroscope::frontend {

struct found_coroutines {
  std::vector<const clang::FunctionDecl *> definitions;    ///< functions, members, lambdas, instantiations; no patterns
  std::vector<const clang::FunctionDecl *> uninstantiated; ///< templates that nothing here instantiates
  std::vector<const clang::FunctionDecl *> functions;      ///< all with a body, coroutines among them; no patterns
  std::vector<const clang::VarDecl *> variables;           ///< with an initialiser, outside of functions; no patterns
};

/// Reads the whole tree; what stands in a system header only where `system_headers`.
found_coroutines find_coroutines(clang::ASTContext &context, bool system_headers);

/// Whether code generation leaves `coroutine` out because nothing in the unit uses it.
bool is_left_out(const clang::FunctionDecl &coroutine, clang::ASTContext &context);

} // namespace coroscope::frontend
