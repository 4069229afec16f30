// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In which order the parts of an expression are evaluated, and for which of them that matters.
#pragma once

#include <llvm/ADT/SmallVector.h>

namespace clang {
class Expr;
} // namespace clang

namespace coroscope::frontend {

/// The operands of `expression` in the order in which Clang evaluates them ([expr.call], [expr.ass]).
llvm::SmallVector<const clang::Expr *> operands_of(const clang::Expr &expression);

/// Whether it makes no difference if `expression` is evaluated before or after a suspend.
bool is_timeless(const clang::Expr &expression);

/// The object itself, not the reference that is bound to it.
const clang::Expr &object_of(const clang::Expr &expression);

} // namespace coroscope::frontend
