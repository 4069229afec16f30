// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One coroutine at several levels: what stays, moves, appears and goes.
//
//   lowerings of the levels --objects matched by declaration--> rows: one object, its bytes at each level
#pragma once

#include "compare/objects.h"

#include <string>
#include <vector>

namespace coroscope::compare {

enum class verdict { stays, moves, appears, goes };

/// One object of the frame of at least one level; one element a level in each vector.
struct level_row {
  std::vector<std::optional<object>> at;              ///< its bytes
  std::vector<std::optional<absent_variable>> absent; ///< why a variable has none there, where it is known
  std::vector<verdict> verdicts;                      ///< what happens from level to level, each once, in order
  bool operator==(const level_row &) const = default;

  /// As the first level that has it knows it.
  [[nodiscard]] const object &known() const;
};

/// What one level made of the whole frame.
struct level_column {
  std::string level;
  std::optional<std::uint64_t> size, align, padding; ///< absent without a frame
  std::vector<suspend_point_id> folded;              ///< points that have no code here and have some at another level
  std::vector<lowered_point> copied;                 ///< points with several resume indices
  std::vector<elision> calls;                        ///< of coroutines, by this one
  std::vector<std::string> problems;
  bool operator==(const level_column &) const = default;
};

struct level_comparison {
  std::vector<level_column> levels;
  std::vector<level_row> rows; ///< by offset at the first level, then at the next
  bool operator==(const level_comparison &) const = default;
};

/// Levels that the coroutine has no lowering for stand there without a frame.
level_comparison compare_levels(const report &report, coroutine_id coroutine, const std::vector<std::string> &levels);

/// The levels that any coroutine of the report has, in the report's order.
std::vector<std::string> levels_of(const report &report);

} // namespace coroscope::compare
