// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What each value of a coroutine is in terms of the source, asked right before the split, while debug info still
// ties values to variables. CoroSplit names the field of a value after the value, which leads from a field back here.
//
//   coroutine before the split --describe_values()--> value name -> resident
#pragma once

#include "lowering/lowered.h"

#include <map>
#include <string>

namespace llvm {
class Function;
} // namespace llvm

namespace coroscope::lowering {

using described_values = std::map<std::string, lowered_resident, std::less<>>;

/// Describes every argument and instruction of `coroutine` that could live in the frame. Gives names to values that
/// have none, which changes no code.
described_values describe_values(llvm::Function &coroutine);

} // namespace coroscope::lowering
