// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Machine code of coroutines alone, as text.
//
//   optimised module --keep_coroutines()--> the coroutines' functions --clang's code generation--> text
//     --read_assembly()--> a listing and the stack use of each function
#pragma once

#include "lowering/lowered.h"

namespace llvm {
class Module;
} // namespace llvm

namespace coroscope::lowering {

/// Makes all other functions declarations, and every place one in the coroutine's own file. False where nothing is
/// left.
bool keep_coroutines(llvm::Module &module, const std::vector<lowered_coroutine> &coroutines);

/// Gives each function of `coroutines` its part of `text`: instructions and the labels they name. Stack use is read
/// from the section .stack_sizes, where the target has it.
void read_assembly(const std::string &text, std::vector<lowered_coroutine> &coroutines);

} // namespace coroscope::lowering
