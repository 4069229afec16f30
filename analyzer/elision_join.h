// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What became of each call of a coroutine at one level.
//
//   source_facts::calls + lowered_elision[] --join_elisions()--> elision[], one for each call of the source and, behind
//   them, one for each place where a library calls a coroutine for its caller
#pragma once

#include "frontend/source_facts.h"
#include "lowering/lowered.h"

namespace coroscope {

/// `caller_id` and `callee_id` index facts.coroutines. `facts.files` gains the files that places name.
std::vector<elision> join_elisions(frontend::source_facts &facts, const std::string &level,
                                   const std::vector<lowering::lowered_elision> &lowered);

} // namespace coroscope
