// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an event costs while nothing is recorded: one branch.
//
//   call of the recorder --guard_calls()--> if (coroscope_trace_on) call of the recorder
#pragma once

namespace llvm {
class Module;
} // namespace llvm

namespace coroscope::instrument {

/// Run it when the optimiser is done: what it decides must not depend on the branches.
void guard_calls(llvm::Module &module);

} // namespace coroscope::instrument
