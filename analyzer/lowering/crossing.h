// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Why each value is in the frame: the suspends it lives across, with what made it before and what needs it after.
//
//   coroutine before the split, its described values --add_reasons()--> described values with lowered_why
#pragma once

#include "lowering/residents.h"

namespace llvm {
class Function;
} // namespace llvm

namespace coroscope::lowering {

class suspend_flow;

/// Gives each of `values` its reasons, ascending ordinals; a value that the split need not keep gets none. The promise
/// lives across all. `flow` is of `coroutine`.
void add_reasons(llvm::Function &coroutine, suspend_flow &flow, described_values &values);

/// Residents of one field that differ in their reasons alone become one.
void merge_residents(lowered_coroutine &coroutine);

} // namespace coroscope::lowering
