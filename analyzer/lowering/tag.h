// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which suspend of the IR is which: numbers the suspend points before the optimiser moves anything, and reads the
// numbers back wherever they survive.
//
//   fresh IR --tag_suspends()--> coro.save, coro.await.suspend, coro.suspend with !coroscope.point N
#pragma once

#include "lowering/lowered.h"

#include <optional>
#include <vector>

namespace llvm {
class CoroSuspendInst;
class Function;
class Instruction;
class Module;
} // namespace llvm

namespace coroscope::lowering {

/// Numbers the suspends of every coroutine of `module` that is not split yet: 0, 1, … in instruction order, the final
/// one last. Run it where the pipeline starts. A second run changes nothing.
void tag_suspends(llvm::Module &module);

/// The number that `tag_suspends` gave to this coro.save, coro.await.suspend or coro.suspend.
std::optional<unsigned> ordinal_of(const llvm::Instruction &instruction);

/// The points of a coroutine that is not split yet, by ordinal: what is known of each from names and debug info.
/// A point that the optimiser removed is absent.
std::vector<lowered_suspend> read_suspends(const llvm::Function &coroutine);

} // namespace coroscope::lowering
