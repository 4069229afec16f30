// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The ids of places are renumbered first, so that what two units say of one place compares equal.
#include "merge.h"

#include "model/each_id.h"

#include <algorithm>
#include <concepts>
#include <set>
#include <utility>

namespace coroscope {
namespace {

/// Of the levels that both know. The layout hash is what makes two lowerings one; the frame may be unknown to a unit
/// that does not use the coroutine.
const level_lowering *difference(const coroutine &known, const coroutine &other) {
  for (std::size_t i = 0; i < known.lowerings.size() && i < other.lowerings.size(); ++i)
    if (known.lowerings[i].frame && other.lowerings[i].frame &&
        known.lowerings[i].layout_hash != other.lowerings[i].layout_hash)
      return &other.lowerings[i];
  return nullptr;
}

bool is_same(const coroutine &known, const coroutine &other) {
  return known.suspend_points == other.suspend_points && known.lowerings.size() == other.lowerings.size() &&
         !difference(known, other);
}

std::string difference_text(const report &all, const coroutine &known, const coroutine &other) {
  const range &where = other.where;
  std::string text = other.name + " (" + all.files[where.file.value].path + ":" + std::to_string(where.begin.line) +
                     ") is not lowered here as in " + all.units[known.units.front().value].file;
  if (const level_lowering *here = difference(known, other)) {
    const auto there = std::ranges::find(known.lowerings, here->level, &level_lowering::level);
    text += ": at " + here->level + " its frame has " + std::to_string(here->frame->size) + " bytes, there " +
            std::to_string(there->frame->size) +
            (here->frame->size == there->frame->size ? ", laid out in another way" : "");
  }
  return text;
}

/// What `known` lacks of the levels of the same coroutine in another unit.
void fill(std::vector<level_lowering> &known, std::vector<level_lowering> other) {
  for (std::size_t i = 0; i < known.size(); ++i)
    if (!known[i].frame && other[i].frame)
      known[i] = std::move(other[i]);
}

/// Appends a call that other units have not said; `known` are the indices of what has the same key, `said` those that
/// this unit says too. A macro may make two calls of which all is the same: both count.
void append_new(elision value, std::vector<elision> &to, std::vector<std::size_t> &known, std::set<std::size_t> &said) {
  for (const std::size_t index : known)
    if (!said.contains(index) && to[index] == value) {
      said.insert(index);
      return;
    }
  known.push_back(to.size());
  said.insert(to.size());
  to.push_back(std::move(value));
}

} // namespace

std::vector<file_id> merger::take_files(std::vector<source_file> files) {
  std::vector<file_id> ids;
  for (source_file &file : files) {
    const auto [known, is_new] = files_.emplace(file.path, file_id{static_cast<std::uint32_t>(all_.files.size())});
    if (is_new)
      all_.files.push_back(std::move(file));
    ids.push_back(known->second);
  }
  return ids;
}

/// The ids that the coroutines of a unit have in the result, new ones for those that it does not have.
std::vector<coroutine_id> merger::place_coroutines(const std::vector<coroutine> &coroutines, unit &unit) {
  std::vector<coroutine_id> ids;
  std::size_t next = all_.coroutines.size();
  for (const coroutine &coroutine : coroutines) {
    std::vector<coroutine_id> &known = coroutines_[{coroutine.mangled, coroutine.where.file, coroutine.where.begin}];
    const auto same = std::ranges::find_if(known, [&](coroutine_id id) {
      return id.value < all_.coroutines.size() && is_same(all_.coroutines[id.value], coroutine);
    });
    if (same != known.end()) {
      ids.push_back(*same);
      continue;
    }
    if (!known.empty() && known.front().value < all_.coroutines.size())
      unit.notes.push_back(difference_text(all_, all_.coroutines[known.front().value], coroutine));
    ids.push_back({static_cast<std::uint32_t>(next++)});
    known.push_back(ids.back());
  }
  return ids;
}

void merger::take_coroutines(std::vector<coroutine> coroutines, const std::vector<coroutine_id> &ids) {
  const unit_id unit{static_cast<std::uint32_t>(all_.units.size() - 1)};
  for (std::size_t i = 0; i < coroutines.size(); ++i) {
    if (ids[i].value == all_.coroutines.size()) {
      coroutines[i].units = {unit};
      all_.coroutines.push_back(std::move(coroutines[i]));
      continue;
    }
    coroutine &known = all_.coroutines[ids[i].value];
    fill(known.lowerings, std::move(coroutines[i].lowerings));
    known.units.push_back(unit);
  }
}

void merger::add(report unit) {
  const std::vector<file_id> files = take_files(std::exchange(unit.files, {}));
  for_each_id(unit, [&](auto &id) {
    if constexpr (std::same_as<decltype(id), file_id &>)
      id = files[id.value];
  });
  const std::vector<coroutine_id> ids = place_coroutines(unit.coroutines, unit.units.front());
  all_.units.push_back(std::move(unit.units.front()));
  take_coroutines(std::exchange(unit.coroutines, {}), ids);
  for_each_id(unit, [&](auto &id) {
    if constexpr (std::same_as<decltype(id), coroutine_id &>)
      id = ids[id.value];
  });
  std::set<std::size_t> said;
  for (elision &elision : unit.elisions) {
    const range call = elision.call.value_or(range{});
    std::vector<std::size_t> &known = elisions_[{elision.level + elision.caller, call.file, call.begin}];
    append_new(std::move(elision), all_.elisions, known, said);
  }
  for (hazard &hazard : unit.hazards) {
    std::vector<std::size_t> &known = hazards_[{hazard.name, hazard.where.file, hazard.where.begin}];
    if (std::ranges::none_of(known, [&](std::size_t index) { return all_.hazards[index] == hazard; })) {
      known.push_back(all_.hazards.size());
      all_.hazards.push_back(std::move(hazard));
    }
  }
}

} // namespace coroscope
