// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which part of the lowering belongs to which part of the source.
#pragma once

#include "frontend/source_facts.h"
#include "lowering/lowered.h"

namespace coroscope {

/// The lowering of `facts` at `level`, in the report's terms. Places in files that `facts` does not know yet add to
/// `files`, which `facts` indexes.
level_lowering join(const frontend::coroutine_facts &facts, const lowering::lowered_coroutine &lowered,
                    const std::string &level, std::vector<source_file> &files);

} // namespace coroscope
