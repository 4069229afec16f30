// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the compiler proper is told for one level: the driver's own options, but for those that serve another end than
// the question what the coroutines become.
//
//   compile_command, level --driver--> -cc1 arguments --> CompilerInvocation
#pragma once

#include "frontend/command.h"
#include "model/report.h"

#include <memory>

namespace clang {
class CompilerInvocation;
} // namespace clang

namespace coroscope::frontend {

/// Null where the driver or the compiler refuses the arguments; `unit` then has their words as diagnostics. What was
/// changed about the user's flags becomes a note of `unit`.
std::shared_ptr<clang::CompilerInvocation> make_invocation(const compile_command &command, const std::string &level,
                                                           struct unit &unit);

} // namespace coroscope::frontend
