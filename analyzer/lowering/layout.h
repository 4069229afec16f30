// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where everything lies in the frame that CoroSplit just built.
//
//   ramp after the split + what the values were before --read_layout()--> size, align, fields that tile the frame
#pragma once

#include "lowering/residents.h"

namespace llvm {
class Function;
} // namespace llvm

namespace coroscope::lowering {

/// Fills size, align and fields of `coroutine`; what cannot be read becomes a sentence in `problems`.
void read_layout(const llvm::Function &ramp, const described_values &values, lowered_coroutine &coroutine);

} // namespace coroscope::lowering
