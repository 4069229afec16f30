// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which suspend of the IR is which point of the source: by kind, place of the keyword and await_suspend's symbol.
#pragma once

#include "frontend/source_facts.h"
#include "lowering/lowered.h"

namespace coroscope {

struct matched_points {
  std::vector<lowered_point> points;               ///< ascending
  std::map<unsigned, suspend_point_id> by_ordinal; ///< of the IR's suspends
  std::vector<std::string> problems;               ///< of suspends that match no point
};

matched_points match_points(const frontend::coroutine_facts &facts,
                            const std::vector<lowering::lowered_suspend> &suspends);

} // namespace coroscope
