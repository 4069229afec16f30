// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gives debug info for the object of a structured binding that is taken apart by get<i>().
//
//   auto [x, y] = pair  ->  slot x = get<0>(object), slot y = get<1>(object): references, which the optimiser removes
//   name_bindings()     ->  object + 0 is x, object + 8 is y, which it follows to the values, as it does where Clang
//                           says so itself: for arrays and classes without get<i>()
#pragma once

namespace llvm {
class DILocalVariable;
class Module;
} // namespace llvm

namespace coroscope::lowering {

/// Run it where the pipeline starts: the offsets are read off the fresh IR of each get<i>(). What leads out of the
/// object, or is not seen to stay in it, gets none. Adds debug records and no code.
void name_bindings(llvm::Module &module);

/// The reference of the source for which `name_bindings` made `variable`, which is what it refers to.
bool stands_for(const llvm::DILocalVariable &variable, const llvm::DILocalVariable &reference);

} // namespace coroscope::lowering
