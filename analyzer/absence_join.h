// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Why a variable has no bytes in the frame, where the source tells more than the optimised code does.
#pragma once

#include "frontend/source_facts.h"

namespace coroscope {

/// `object` is the variable. What is used before every suspension alone is dead there, whatever the optimiser keeps of
/// what it was made from.
void refine_by_source(const frontend::coroutine_facts &facts, const frontend::named_object &object,
                      absent_variable &absent);

} // namespace coroscope
