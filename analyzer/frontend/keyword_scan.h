// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether a unit can have a coroutine at all, by its tokens alone. Preprocessing costs a twentieth of a parse where the
// user's compiler takes a large header precompiled and the analyzer must read its text.
#pragma once

#include <memory>

namespace clang {
class CompilerInvocation;
} // namespace clang

namespace coroscope::frontend {

/// Asks only about units with a header that stands in no #include, as one to precompile does; others may. True unless
/// the preprocessed unit is free of errors, modules and the keywords co_await, co_yield and co_return.
bool may_have_coroutines(const std::shared_ptr<clang::CompilerInvocation> &invocation);

} // namespace coroscope::frontend
