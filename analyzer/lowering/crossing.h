// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which suspend points each value lives across: the reason why it is in the frame.
//
//   coroutine before the split --find_crossings()--> value name -> ordinals
#pragma once

#include <map>
#include <string>
#include <vector>

namespace llvm {
class Function;
} // namespace llvm

namespace coroscope::lowering {

/// For each named value of `coroutine` that lives across a suspend, the ordinals of those suspends, ascending. The
/// answer is that of LLVM's own analysis (SuspendCrossingInfo), asked one suspend at a time. The promise lives across
/// all. `coroutine` is left as it was.
std::map<std::string, std::vector<unsigned>, std::less<>> find_crossings(llvm::Function &coroutine);

} // namespace coroscope::lowering
