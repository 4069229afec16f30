// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether the split made a symmetric transfer a guaranteed tail call. CoroSplit turns
// `llvm.coro.await.suspend.handle(awaiter, frame, wrapper)` into a call of the wrapper and one of the resume function
// of the handle that it gives; in the clones, which return nothing, the latter becomes `musttail`.
//
//   coroutine --find_transfers()--> [CoroSplit] --read_transfers()--> lowered_suspend::transfer
#pragma once

#include "lowering/lowered.h"

#include <span>
#include <utility>
#include <vector>

namespace llvm {
class Function;
} // namespace llvm

namespace coroscope::lowering {

/// Ordinal of a point whose await_suspend returns a handle, and the wrapper that calls it.
using transfer = std::pair<unsigned, const llvm::Function *>;

/// Of a coroutine that is not split yet.
std::vector<transfer> find_transfers(const llvm::Function &coroutine);

/// Says for each of `suspends` whether `resume` resumes the other coroutine by a musttail call; false where only the
/// ramp gets there or the target has no such calls, nothing where the transfer is gone.
void read_transfers(std::span<const transfer> transfers, const llvm::Function &ramp, const llvm::Function *resume,
                    std::vector<lowered_suspend> &suspends);

} // namespace coroscope::lowering
