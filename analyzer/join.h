// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which part of the lowering belongs to which part of the source.
#pragma once

#include "frontend/source_facts.h"
#include "lowering/lowered.h"

namespace coroscope {

/// The coroutines of one unit at one level, by their ramp's symbol.
struct unit_lowering {
  std::string level;
  const std::vector<frontend::coroutine_facts> *facts = nullptr;
  const std::vector<lowering::lowered_coroutine> *lowered = nullptr;
  const std::map<std::string, frontend::body_facts> *functions = nullptr; ///< that were inlined, by symbol
};

/// The lowering of `facts` in the report's terms; frames of other coroutines of `unit` that it holds are told as well.
/// Places in files that `facts` does not know yet add to `files`, which `facts` indexes.
level_lowering join(const frontend::coroutine_facts &facts, const lowering::lowered_coroutine &lowered,
                    const unit_lowering &unit, std::vector<source_file> &files);

} // namespace coroscope
