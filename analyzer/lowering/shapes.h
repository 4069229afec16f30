// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the bytes of a variable are to be read: its type as debug info tells it, down to numbers and pointers.
//
//   value --its variable--> DIType --add_shapes()--> lowered_coroutine::shapes, lowered_resident::shape
#pragma once

#include "lowering/residents.h"

namespace coroscope::lowering {

/// Gives each described value whose variable debug info names, and whose bytes are all of it or one member of it, its
/// shape; `shapes` takes the shapes, each once.
void add_shapes(llvm::Function &coroutine, described_values &values, std::vector<lowered_shape> &shapes);

} // namespace coroscope::lowering
