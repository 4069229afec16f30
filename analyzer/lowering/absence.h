// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Why a variable has no bytes in the frame.
//
//   coroutine before the split --find_candidates()--> what each variable was --[the layout]--> lowered_absence
#pragma once

#include "lowering/residents.h"

#include <set>
#include <string>
#include <vector>

namespace llvm {
class Function;
} // namespace llvm

namespace coroscope::lowering {

class suspend_flow;

/// A variable that debug info knows, and what it would be said to be if none of its values were in the frame.
struct absence_candidate {
  lowered_absence absence;
  std::set<std::string> values;     ///< LLVM's names of the values that are the variable
  std::vector<std::string> sources; ///< of those that debug info computes it from, where it is none of them
};

/// The variables and parameters of the coroutine itself, in source order.
std::vector<absence_candidate> find_candidates(llvm::Function &coroutine, suspend_flow &flow,
                                               const described_values &values);

/// Those that the coroutine's fields do not hold.
void add_absences(const std::vector<absence_candidate> &candidates, lowered_coroutine &coroutine);

} // namespace coroscope::lowering
