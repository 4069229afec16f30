// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where a value comes into being, as far as debug info tells: in the function that was inlined to bring it, if it was.
#pragma once

#include <llvm/IR/DebugLoc.h>

namespace llvm {
class Value;
} // namespace llvm

namespace coroscope::lowering {

/// Of a stack slot: its lifetime's start, else the first instruction that touches it.
llvm::DebugLoc first_use(const llvm::Value &value);

/// Of what makes the value; of a phi, which has no place of its own, what it joins. None for an argument.
llvm::DebugLoc location_of(const llvm::Value &value);

} // namespace coroscope::lowering
