// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "live_frames.h"

#include <algorithm>

namespace coroscope::trace {
namespace {

constexpr unsigned deepest = 8;          ///< members of members that a name goes down to
constexpr unsigned most_neighbours = 16; ///< frames that begin inside another one, before the address

/// ".rest[1]"; of a base class, its members are those of the class.
std::string member_path(const recorded_coroutine &coroutine, std::uint32_t index, std::uint64_t offset,
                        unsigned depth) {
  if (offset == 0 || depth == deepest || index >= coroutine.shapes.size())
    return "";
  const recorded_shape &shape = coroutine.shapes[index];
  if (shape.kind == shape_kind::array && shape.element && *shape.element < coroutine.shapes.size()) {
    const std::uint64_t size = coroutine.shapes[*shape.element].size;
    if (size != 0)
      return "[" + std::to_string(offset / size) + "]" +
             member_path(coroutine, *shape.element, offset % size, depth + 1);
  }
  for (const recorded_shape_member &member : shape.members)
    if (member.bit_size == 0 && member.shape < coroutine.shapes.size() && member.offset <= offset &&
        offset - member.offset < coroutine.shapes[member.shape].size)
      return (member.name.empty() ? "" : "." + member.name) +
             member_path(coroutine, member.shape, offset - member.offset, depth + 1);
  return "";
}

bool is_alive(const recorded_resident &resident, std::uint32_t ordinal) {
  return std::ranges::find(resident.alive, ordinal) != resident.alive.end();
}

class address_names {
public:
  address_names(const live_frames &live, const recorded_run &run, const frame_namer &name)
      : live_(&live), run_(&run), name_(&name) {}

  [[nodiscard]] std::string coroutine_at(std::uint64_t address) const {
    if (const auto frame = live_->at(address))
      return name_of(*frame);
    const auto freed = live_->last_at(address);
    return freed ? name_of(*freed) + " (freed)" : "";
  }

  [[nodiscard]] std::string place_at(std::uint64_t address) const {
    const auto found = live_->around(address, *run_);
    if (!found)
      return "";
    const std::string of = " of " + name_of(found->frame);
    if (found->offset == 0)
      return "the frame" + of;
    const recorded_coroutine &coroutine = run_->coroutines[*run_->frames[found->frame].coroutine];
    const std::string name = variable_at(coroutine, found->offset, found->ordinal);
    return name.empty() ? "" : (name.contains(' ') ? "" : "&") + name + of;
  }

private:
  [[nodiscard]] std::string name_of(std::uint32_t frame) const {
    return *name_ ? (*name_)(*run_, frame) : "#" + std::to_string(frame);
  }

  const live_frames *live_;
  const recorded_run *run_;
  const frame_namer *name_;
};

} // namespace

void live_frames::begin(std::uint64_t address, std::uint32_t frame) {
  live_.insert_or_assign(address, entry{frame, std::nullopt});
  addresses_.insert(address);
}

void live_frames::end(std::uint64_t address) {
  const auto ended = live_.extract(address);
  if (ended.empty())
    return;
  last_[address] = ended.mapped().frame;
  addresses_.erase(address);
}

void live_frames::stands_at(std::uint64_t address, std::optional<std::uint32_t> ordinal) {
  if (const auto known = live_.find(address); known != live_.end())
    known->second.ordinal = ordinal;
}

std::optional<std::uint32_t> live_frames::at(std::uint64_t address) const {
  const auto known = live_.find(address);
  return known == live_.end() ? std::nullopt : std::optional(known->second.frame);
}

std::optional<std::uint32_t> live_frames::last_at(std::uint64_t address) const {
  const auto known = last_.find(address);
  return known == last_.end() ? std::nullopt : std::optional(known->second);
}

std::optional<live_frames::place> live_frames::around(std::uint64_t address, const recorded_run &run) const {
  auto next = addresses_.upper_bound(address);
  for (unsigned tries = 0; tries < most_neighbours && next != addresses_.begin(); ++tries) {
    --next;
    const entry &one = live_.at(*next);
    const auto coroutine = run.frames[one.frame].coroutine;
    if (coroutine && address - *next < run.coroutines[*coroutine].frame_size)
      return place{one.frame, address - *next, one.ordinal};
  }
  return std::nullopt;
}

std::string variable_at(const recorded_coroutine &coroutine, std::uint64_t offset,
                        std::optional<std::uint32_t> ordinal) {
  const auto field = std::ranges::find_if(coroutine.fields, [&](const recorded_field &one) {
    return one.offset <= offset && offset - one.offset < one.size;
  });
  if (field == coroutine.fields.end() || field->residents.empty())
    return "";
  const auto found = [&]() -> const recorded_resident * {
    if (field->residents.size() == 1)
      return &field->residents.front();
    const auto alive = [&](const recorded_resident &one) { return ordinal && is_alive(one, *ordinal); };
    const auto first = std::ranges::find_if(field->residents, alive);
    return std::ranges::count_if(field->residents, alive) == 1 ? &*first : nullptr;
  }();
  if (!found)
    return "";
  if (field->kind == "promise" || found->shape)
    return (field->kind == "promise" ? "promise" : found->name) +
           (found->shape ? member_path(coroutine, *found->shape, offset - field->offset, 0) : "");
  return field->kind == "awaiter" ? "an awaiter" : field->kind == "temporary" ? "a temporary" : "";
}

surroundings surroundings_now(const live_frames &live, const recorded_run &run, const frame_namer &name,
                              std::vector<memory_piece> memory) {
  const address_names names(live, run, name);
  return {.memory = std::move(memory),
          .coroutine_at = [names](std::uint64_t address) { return names.coroutine_at(address); },
          .place_at = [names](std::uint64_t address) { return names.place_at(address); }};
}

} // namespace coroscope::trace
