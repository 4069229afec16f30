// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Mistakes and waste that the facts of a unit prove; docs/hazards.md tells each rule and what it leaves alone.
//
//   coroutines with their lowerings + source facts + elisions --find_hazards()--> hazard[]
#pragma once

#include "frontend/source_facts.h"

#include <span>
#include <string_view>

namespace coroscope {

/// The names of the rules, in the order of docs/hazards.md.
std::span<const std::string_view> hazard_names();

/// `facts.coroutines` with their lowerings; `elisions` of the same unit. Ids index facts.coroutines and facts.files.
std::vector<hazard> find_hazards(const frontend::source_facts &facts, const std::vector<elision> &elisions);

} // namespace coroscope
