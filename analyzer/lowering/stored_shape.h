// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a slot really holds of its variable, once the optimiser has removed stores that nothing reads.
//
//   stores to the slot -> bytes that are written -> the variable's shape, where unwritten members are `unstored`
#pragma once

#include "lowering/lowered.h"

namespace llvm {
class AllocaInst;
} // namespace llvm

namespace coroscope::lowering {

/// The number of the shape of what is in the slot, where its bytes are a variable of shape number `shape`; new shapes
/// go to `shapes`. Where others have the slot's address, all of it may be written.
unsigned stored_shape(const llvm::AllocaInst &slot, unsigned shape, std::vector<lowered_shape> &shapes);

} // namespace coroscope::lowering
