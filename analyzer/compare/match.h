// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which coroutine of one report is which of another, and which suspend point of the one which of the other.
//
//   coroutines --symbol, then name, then name without parameters, then body; in one file, in files of one name,
//   anywhere--> pairs
//
// Neither line numbers nor what a lambda is numbered by count, so that code may move.
#pragma once

#include "compare/pairing.h"
#include "model/report.h"

#include <string>
#include <vector>

namespace coroscope::compare {

/// Pairs of indices into the coroutines of both reports.
pairing match_coroutines(const report &before, const report &after);

/// Pairs of suspend points of one coroutine in two reports: by kind, expression and awaiter, then without the awaiter.
pairing match_points(const coroutine &before, const coroutine &after);

/// For each point of a coroutine what it is called in both reports alike; the points that only one has are told apart.
std::vector<std::string> common_labels(const std::vector<std::optional<std::size_t>> &partners, bool is_before);

/// `name` with each "S1" in it as `labels` has it.
std::string relabelled(const std::string &name, const std::vector<std::string> &labels);

} // namespace coroscope::compare
