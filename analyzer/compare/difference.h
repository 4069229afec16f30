// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What differs between two reports.
//
//   report before, report after --coroutines, points, objects, calls and hazards matched--> difference
//
// Places do not count: what only moved in its file is the same. Exchanging the reports exchanges `before` and `after`
// everywhere and changes nothing else but the order.
#pragma once

#include "compare/objects.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace coroscope::compare {

/// Of each pair below the one that is absent tells what was added (`before`) or removed (`after`).

struct object_change {
  std::optional<object> before, after;
  bool operator==(const object_change &) const = default;

  [[nodiscard]] bool is_resized() const { return before && after && before->size != after->size; }
  [[nodiscard]] bool is_retyped() const;
  /// Nothing but its offset differs.
  [[nodiscard]] bool is_only_moved() const { return before && after && !is_resized() && !is_retyped(); }
};

struct frame_shape {
  std::uint64_t size = 0;    ///< bytes
  std::uint64_t align = 0;   ///< bytes
  std::uint64_t padding = 0; ///< bytes that hold nothing
  bool operator==(const frame_shape &) const = default;
};

/// One level that both reports have.
struct level_change {
  std::string level;
  std::optional<frame_shape> before, after;
  std::vector<object_change> objects; ///< by offset after, the removed ones behind
  bool operator==(const level_change &) const = default;

  [[nodiscard]] bool is_any() const { return before != after || !objects.empty(); }
  /// Bytes of frame more than before.
  [[nodiscard]] std::int64_t growth() const;
};

/// With both ends: the awaiter has another type, or a level folds it away or copies it otherwise than before.
struct point_change {
  struct fold {
    std::string level;
    std::size_t before = 0, after = 0; ///< resume indices: 0 where it is folded away
    bool operator==(const fold &) const = default;
  };
  std::optional<suspend_point_id> before, after;
  std::vector<fold> folds;
  bool operator==(const point_change &) const = default;
};

/// A call whose frame is elided in one of the reports only, or that only one of them has.
struct call_change {
  std::optional<elision> before, after;
  bool operator==(const call_change &) const = default;

  /// The elision of a call that both reports have.
  [[nodiscard]] bool is_gained() const { return before && after && after->is_elided; }
};

struct hazard_change {
  std::optional<hazard> before, after;
  bool operator==(const hazard_change &) const = default;
};

struct coroutine_change {
  std::optional<coroutine_id> before, after;
  std::vector<level_change> levels; ///< those of both reports, changed or not
  std::vector<point_change> points;
  std::vector<call_change> calls;
  std::vector<hazard_change> hazards;
  bool is_renamed = false;
  bool operator==(const coroutine_change &) const = default;

  /// Bytes of frame more than before at the last level, which is what is shipped as a rule.
  [[nodiscard]] std::int64_t growth() const { return levels.empty() ? 0 : levels.back().growth(); }
};

struct difference {
  std::vector<std::string> levels;                  ///< that both reports have, as the second orders them
  std::vector<std::string> only_before, only_after; ///< levels that one report has
  std::vector<coroutine_change> coroutines;         ///< what changed, the most growth first
  std::vector<call_change> calls;                   ///< by functions that are no coroutines of the report
  std::vector<hazard_change> hazards;               ///< of no coroutine
  std::size_t unchanged = 0;                        ///< coroutines
  bool operator==(const difference &) const = default;

  [[nodiscard]] bool is_any() const { return !coroutines.empty() || !calls.empty() || !hazards.empty(); }
};

/// Of the coroutines whose name or symbol `wanted` accepts in one of the reports.
difference diff(
    const report &before, const report &after,
    const std::function<bool(const coroutine &)> &wanted = [](const coroutine &) { return true; });

} // namespace coroscope::compare
