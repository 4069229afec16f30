// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a unit's table says, as docs/trace-format.md describes it.
//
//   table_entry … --table_json()--> {"unit": …, "coroutines": […]}
#pragma once

#include "lowering/lowered.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace coroscope::instrument {

/// One coroutine of the table, with what only the ramp tells.
struct table_entry {
  lowering::lowered_coroutine lowered;
  std::string name; ///< demangled
  std::string file;
  std::optional<std::uint32_t> line; ///< absent without debug info
};

struct table_heading {
  std::string unit;     ///< main file
  std::string compiler; ///< as it calls itself
  std::string level;    ///< "O0" … "Oz"
};

/// `entries` by index; one that the unit has no more is null in the text.
std::string table_json(const table_heading &heading, const std::vector<std::optional<table_entry>> &entries);

/// Ordinals of the points at which the resident has a value: it was set before and its life goes on.
std::set<unsigned> alive_at(const lowering::lowered_field &field, const lowering::lowered_resident &resident);

} // namespace coroscope::instrument
