// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What lies where in an object of a class.
#pragma once

#include "model/report.h"

#include <clang/AST/Type.h>

namespace clang {
class ASTContext;
} // namespace clang

namespace coroscope::frontend {

/// The members of a class type or of an array of few classes, recursively, by offset: bases (":Base"), the vtable
/// pointer, fields, captures of a closure by their variables' names. What takes no bytes is left out.
std::vector<member> members_of(clang::QualType type, const clang::ASTContext &context);

} // namespace coroscope::frontend
