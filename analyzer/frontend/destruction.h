// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What destroy() runs while a coroutine is suspended: the objects alive at each suspend point, the youngest first, then
// the promise and the parameter copies ([dcl.fct.def.coroutine]). Code generation keeps a stack of such objects while
// it walks the body; the same stack is kept here.
//
//   CoroutineBodyStmt --read_destructions()--> point --> destructors in order
#pragma once

#include "frontend/places.h"

#include <map>

namespace clang {
class ASTContext;
class CoroutineBodyStmt;
class FunctionDecl;
} // namespace clang

namespace coroscope::frontend {

/// The name of each point, "S1", by its expression (point_key::expression).
using point_names = std::map<const void *, std::string>;

/// For each of `names`. Objects that only one branch of a condition makes are called "…, if made".
std::map<const void *, std::vector<destruction>>
read_destructions(const clang::FunctionDecl &function, const clang::CoroutineBodyStmt &body, const point_names &names,
                  const clang::ASTContext &context, place_reader &places);

} // namespace coroscope::frontend
