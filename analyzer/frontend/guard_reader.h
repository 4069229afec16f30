// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which locks does a coroutine hold while it is suspended?
#pragma once

#include "frontend/places.h"
#include "frontend/source_facts.h"

namespace clang {
class ASTContext;
} // namespace clang

namespace coroscope::frontend {

class control_flow;

/// Scoped locks of `flow`'s function, which is the coroutine `number` of the facts.
std::vector<held_guard> read_guards(const control_flow &flow, std::size_t number, const clang::ASTContext &context,
                                    place_reader &places);

} // namespace coroscope::frontend
