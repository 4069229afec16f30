// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compare/difference.h"

#include "compare/levels.h"
#include "compare/match.h"

#include <algorithm>
#include <tuple>

namespace coroscope::compare {
namespace {

std::string type_of(const object &object) { return without_places(object.type.value_or("")); }

/// Names of points are those of the reader's own report, so they are brought to common ones; kinds follow the level.
keys object_keys(const std::vector<object> &objects, const std::vector<std::string> &labels, int rank) {
  keys found;
  for (const object &object : objects) {
    const std::string name = object.name.empty() ? std::to_string(static_cast<int>(object.kind))
                                                 : without_places(relabelled(object.name, labels));
    if (rank == 0)
      found.emplace_back(key_of({name, type_of(object), object.expression.value_or(""), std::to_string(object.size)}));
    else if (rank == 1)
      found.emplace_back(key_of({name, type_of(object)}));
    else // a temporary has no name of its own
      found.push_back(object.kind == field_kind::temporary ? std::nullopt : std::optional(name));
  }
  return found;
}

std::vector<object_change> object_changes(const frame &before, const frame &after, const pairing &points) {
  const std::vector<object> old_objects = objects_in(before);
  const std::vector<object> new_objects = objects_in(after);
  pairing pairs(old_objects.size(), new_objects.size());
  for (const int rank : {0, 1, 2})
    pairs.by_key(object_keys(old_objects, common_labels(points.before(), true), rank),
                 object_keys(new_objects, common_labels(points.after(), false), rank));
  std::vector<object_change> changes;
  for (std::size_t i = 0; i < new_objects.size(); ++i) {
    object_change change{.before = {}, .after = new_objects[i]};
    if (pairs.after()[i])
      change.before = old_objects[*pairs.after()[i]];
    if (!change.before || change.is_resized() || change.is_retyped() || change.before->offset != change.after->offset)
      changes.push_back(std::move(change));
  }
  for (std::size_t i = 0; i < old_objects.size(); ++i)
    if (!pairs.before()[i])
      changes.push_back({.before = old_objects[i], .after = {}});
  std::ranges::sort(changes, {}, [](const object_change &change) {
    const object &known = change.after ? *change.after : *change.before;
    return std::tuple(!change.after, known.offset, known.name);
  });
  return changes;
}

std::optional<frame_shape> shape_of(const level_lowering &lowering) {
  if (!lowering.frame)
    return std::nullopt;
  return frame_shape{lowering.frame->size, lowering.frame->align, padding_in(*lowering.frame)};
}

level_change level_of(const std::string &level, const coroutine *before, const coroutine *after,
                      const pairing &points) {
  const level_lowering *old_lowering = before ? lowering_at(*before, level) : nullptr;
  const level_lowering *new_lowering = after ? lowering_at(*after, level) : nullptr;
  level_change change{.level = level};
  if (old_lowering)
    change.before = shape_of(*old_lowering);
  if (new_lowering)
    change.after = shape_of(*new_lowering);
  if (change.before && change.after)
    change.objects = object_changes(*old_lowering->frame, *new_lowering->frame, points);
  return change;
}

std::size_t indices_at(const coroutine &coroutine, const std::string &level, std::size_t point) {
  const level_lowering *lowering = lowering_at(coroutine, level);
  if (!lowering)
    return 0;
  const suspend_point_id id{static_cast<std::uint32_t>(point)};
  const auto found = std::ranges::find(lowering->points, id, &lowered_point::point);
  return found == lowering->points.end() ? 0 : found->indices.size();
}

suspend_point_id point_id(std::size_t index) { return {static_cast<std::uint32_t>(index)}; }

std::vector<point_change> point_changes(const coroutine &before, const coroutine &after, const pairing &points,
                                        const std::vector<std::string> &levels) {
  std::vector<point_change> changes;
  for (std::size_t i = 0; i < points.after().size(); ++i) {
    const auto partner = points.after()[i];
    if (!partner) {
      changes.push_back({.before = {}, .after = point_id(i), .folds = {}});
      continue;
    }
    point_change change{.before = point_id(*partner), .after = point_id(i), .folds = {}};
    for (const std::string &level : levels) {
      const point_change::fold fold{level, indices_at(before, level, *partner), indices_at(after, level, i)};
      if (fold.before != fold.after)
        change.folds.push_back(fold);
    }
    const bool is_retyped = without_places(before.suspend_points[*partner].awaiter_type) !=
                            without_places(after.suspend_points[i].awaiter_type);
    if (is_retyped || !change.folds.empty())
      changes.push_back(std::move(change));
  }
  for (std::size_t i = 0; i < points.before().size(); ++i)
    if (!points.before()[i])
      changes.push_back({.before = point_id(i), .after = {}, .folds = {}});
  return changes;
}

/// The calls and hazards of one coroutine, or of none.
template <class Fact>
std::vector<Fact> facts_of(const std::vector<Fact> &facts, std::optional<coroutine_id> owner, auto owner_of) {
  std::vector<Fact> found;
  std::ranges::copy_if(facts, std::back_inserter(found), [&](const Fact &fact) { return owner_of(fact) == owner; });
  return found;
}

template <class Fact> keys keys_of(const std::vector<Fact> &facts, auto key) {
  keys found;
  std::ranges::transform(facts, std::back_inserter(found), key);
  return found;
}

std::vector<call_change> call_changes(std::vector<elision> before, std::vector<elision> after,
                                      const std::vector<std::string> &levels, bool has_caller) {
  const auto elsewhere = [&](const elision &call) { return std::ranges::find(levels, call.level) == levels.end(); };
  std::erase_if(before, elsewhere);
  std::erase_if(after, elsewhere);
  // What a coroutine is called may have changed with its parameters; of a plain function the name is all there is.
  const auto key = [&](const elision &call) {
    return key_of({call.level, has_caller ? "" : without_places(call.caller), without_places(call.callee)});
  };
  const auto key_with_verdict = [&](const elision &call) { return key(call) + (call.is_elided ? "elided" : ""); };
  pairing pairs(before.size(), after.size());
  pairs.by_key(keys_of(before, key_with_verdict), keys_of(after, key_with_verdict));
  pairs.by_key(keys_of(before, key), keys_of(after, key));
  std::vector<call_change> changes;
  for (const auto &[old_call, new_call] : pairs.pairs())
    if (before[old_call].is_elided != after[new_call].is_elided)
      changes.push_back({before[old_call], after[new_call]});
  // Nothing is elided at O0, so beside another level it has nothing to say of a new call.
  const auto counts = [&](const elision &call) { return call.level != "O0" || levels.size() == 1; };
  for (std::size_t i = 0; i < after.size(); ++i)
    if (!pairs.after()[i] && counts(after[i]))
      changes.push_back({{}, after[i]});
  for (std::size_t i = 0; i < before.size(); ++i)
    if (!pairs.before()[i] && counts(before[i]))
      changes.push_back({before[i], {}});
  return changes;
}

std::vector<hazard_change> hazard_changes(const std::vector<hazard> &before, const std::vector<hazard> &after) {
  const auto with_message = [](const hazard &hazard) { return key_of({hazard.name, hazard.message}); };
  const auto by_name = [](const hazard &hazard) { return key_of({hazard.name}); };
  pairing pairs(before.size(), after.size());
  pairs.by_key(keys_of(before, with_message), keys_of(after, with_message));
  pairs.by_key(keys_of(before, by_name), keys_of(after, by_name));
  std::vector<hazard_change> changes;
  for (std::size_t i = 0; i < after.size(); ++i)
    if (!pairs.after()[i])
      changes.push_back({{}, after[i]});
  for (std::size_t i = 0; i < before.size(); ++i)
    if (!pairs.before()[i])
      changes.push_back({before[i], {}});
  return changes;
}

class comparison {
public:
  comparison(const report &before, const report &after, std::vector<std::string> levels)
      : before_(before), after_(after), levels_(std::move(levels)) {}

  [[nodiscard]] coroutine_change of(std::optional<coroutine_id> old_id, std::optional<coroutine_id> new_id) const {
    const coroutine *before = old_id ? &before_.coroutines.at(old_id->value) : nullptr;
    const coroutine *after = new_id ? &after_.coroutines.at(new_id->value) : nullptr;
    coroutine_change change{.before = old_id, .after = new_id};
    const pairing points = before && after ? match_points(*before, *after) : pairing(0, 0);
    for (const std::string &level : levels_)
      change.levels.push_back(level_of(level, before, after, points));
    if (before && after) {
      change.points = point_changes(*before, *after, points, levels_);
      change.is_renamed = without_places(before->name) != without_places(after->name);
    }
    change.calls = calls(old_id, new_id);
    change.hazards = hazards(old_id, new_id);
    return change;
  }

  /// Of one coroutine, or, without any, of plain functions.
  [[nodiscard]] std::vector<call_change> calls(std::optional<coroutine_id> old_id,
                                               std::optional<coroutine_id> new_id) const {
    const bool has_caller = old_id || new_id;
    return call_changes(old_calls(old_id, has_caller, before_), old_calls(new_id, has_caller, after_), levels_,
                        has_caller);
  }

  [[nodiscard]] std::vector<hazard_change> hazards(std::optional<coroutine_id> old_id,
                                                   std::optional<coroutine_id> new_id) const {
    const bool has_owner = old_id || new_id;
    const auto owner_of = [](const hazard &hazard) { return hazard.coroutine; };
    const auto of = [&](std::optional<coroutine_id> id, const report &report) {
      return has_owner && !id ? std::vector<hazard>() : facts_of(report.hazards, id, owner_of);
    };
    return hazard_changes(of(old_id, before_), of(new_id, after_));
  }

private:
  static std::vector<elision> old_calls(std::optional<coroutine_id> id, bool has_caller, const report &report) {
    const auto caller_of = [](const elision &call) { return call.caller_id; };
    return has_caller && !id ? std::vector<elision>() : facts_of(report.elisions, id, caller_of);
  }

  const report &before_;
  const report &after_;
  std::vector<std::string> levels_;
};

/// The elements of `some` that are in `others`, or that are not.
std::vector<std::string> split(const std::vector<std::string> &some, const std::vector<std::string> &others,
                               bool common) {
  std::vector<std::string> found;
  std::ranges::copy_if(some, std::back_inserter(found), [&](const std::string &level) {
    return (std::ranges::find(others, level) != others.end()) == common;
  });
  return found;
}

bool is_any(const coroutine_change &change) {
  return !change.before || !change.after || change.is_renamed || !change.points.empty() || !change.calls.empty() ||
         !change.hazards.empty() || std::ranges::any_of(change.levels, &level_change::is_any);
}

} // namespace

bool object_change::is_retyped() const { return before && after && type_of(*before) != type_of(*after); }

std::int64_t level_change::growth() const {
  const auto bytes = [](const std::optional<frame_shape> &shape) {
    return shape ? static_cast<std::int64_t>(shape->size) : 0;
  };
  return bytes(after) - bytes(before);
}

difference diff(const report &before, const report &after, const std::function<bool(const coroutine &)> &wanted) {
  const std::vector<std::string> old_levels = levels_of(before);
  const std::vector<std::string> new_levels = levels_of(after);
  // A report without coroutines has no levels of its own.
  const bool one_is_empty = before.coroutines.empty() || after.coroutines.empty();
  difference result{.levels = one_is_empty ? (after.coroutines.empty() ? old_levels : new_levels)
                                           : split(new_levels, old_levels, true)};
  if (!one_is_empty) {
    result.only_before = split(old_levels, new_levels, false);
    result.only_after = split(new_levels, old_levels, false);
  }
  const comparison compare(before, after, result.levels);
  const pairing pairs = match_coroutines(before, after);
  const auto add = [&](std::optional<std::size_t> old_index, std::optional<std::size_t> new_index) {
    const auto id = [](std::optional<std::size_t> index) {
      return index ? std::optional(coroutine_id{static_cast<std::uint32_t>(*index)}) : std::nullopt;
    };
    if (!(old_index && wanted(before.coroutines[*old_index])) && !(new_index && wanted(after.coroutines[*new_index])))
      return;
    coroutine_change change = compare.of(id(old_index), id(new_index));
    if (is_any(change))
      result.coroutines.push_back(std::move(change));
    else
      ++result.unchanged;
  };
  for (std::size_t i = 0; i < after.coroutines.size(); ++i)
    add(pairs.after()[i], i);
  for (std::size_t i = 0; i < before.coroutines.size(); ++i)
    if (!pairs.before()[i])
      add(i, {});
  result.calls = compare.calls({}, {});
  result.hazards = compare.hazards({}, {});
  std::ranges::sort(result.coroutines, {}, [](const coroutine_change &change) {
    return std::tuple(-change.growth(), !change.after, change.after, change.before);
  });
  return result;
}

} // namespace coroscope::compare
