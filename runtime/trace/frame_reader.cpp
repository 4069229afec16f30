// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frame_reader.h"

#include <algorithm>

namespace coroscope::trace {
namespace {

constexpr std::size_t largest_image = 1024 * 1024;

/// The size of the frame, then stretches: how many bytes are as before, how many changed, and these.
class change_reader {
public:
  explicit change_reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  bool apply(std::vector<std::byte> &image) {
    std::size_t at = 0;
    std::size_t size = 0;
    if (!number(size) || size > largest_image)
      return false;
    image.resize(size);
    while (!bytes_.empty()) {
      std::size_t equal = 0;
      std::size_t changed = 0;
      if (!number(equal) || !number(changed) || changed > bytes_.size() || equal > size - at ||
          changed > size - at - equal)
        return false;
      at += equal;
      std::ranges::copy(bytes_.first(changed), image.begin() + static_cast<std::ptrdiff_t>(at));
      bytes_ = bytes_.subspan(changed);
      at += changed;
    }
    return true;
  }

private:
  bool number(std::size_t &value) {
    value = 0;
    for (unsigned shift = 0; shift < 28 && !bytes_.empty(); shift += 7) {
      const auto byte = static_cast<std::uint8_t>(bytes_.front());
      bytes_ = bytes_.subspan(1);
      value |= static_cast<std::size_t>(byte & 0x7f) << shift;
      if (byte < 0x80)
        return true;
    }
    return false;
  }

  std::span<const std::byte> bytes_;
};

std::vector<std::pair<std::uint32_t, std::vector<std::byte>>> changed_bytes(const std::vector<std::byte> &before,
                                                                            const std::vector<std::byte> &now) {
  std::vector<std::pair<std::uint32_t, std::vector<std::byte>>> changes;
  const auto differs = [&](std::size_t at) { return at >= before.size() || before[at] != now[at]; };
  for (std::size_t at = 0; at < now.size(); ++at) {
    if (!differs(at))
      continue;
    std::size_t end = at + 1;
    while (end < now.size() && differs(end))
      ++end;
    changes.emplace_back(static_cast<std::uint32_t>(at), std::vector(now.begin() + static_cast<std::ptrdiff_t>(at),
                                                                     now.begin() + static_cast<std::ptrdiff_t>(end)));
    at = end;
  }
  return changes;
}

} // namespace

std::optional<std::vector<std::byte>> frame_reader::image_of(const raw_event &event, std::size_t block) {
  if (event.bytes.empty())
    return std::nullopt;
  auto &said = said_[block][event.address];
  if (event.bytes.front() == static_cast<std::byte>(format::since_zero))
    said.clear();
  else if (event.bytes.front() != static_cast<std::byte>(format::since_last))
    return std::nullopt;
  if (!change_reader(event.bytes.subspan(1)).apply(said))
    return std::nullopt;
  return said;
}

void frame_reader::forget_block(std::size_t block) { said_.erase(block); }

void frame_reader::forget_frame(std::uint32_t frame) { frames_.erase(frame); }

recorded_bytes frame_reader::changes(std::uint32_t frame, std::uint64_t address, const recorded_coroutine &coroutine,
                                     std::vector<std::byte> image, const surroundings &around, std::uint32_t ordinal) {
  frame_state &state = frames_[frame];
  recorded_bytes result{.changes = changed_bytes(state.image, image)};
  state.image = std::move(image);
  for (std::uint32_t f = 0; f < coroutine.fields.size(); ++f) {
    const recorded_field &field = coroutine.fields[f];
    if (field.offset >= state.image.size())
      continue;
    const std::span<const std::byte> bytes = std::span(state.image).subspan(field.offset);
    for (std::uint32_t r = 0; r < field.residents.size(); ++r) {
      const recorded_resident &resident = field.residents[r];
      if (!resident.shape || *resident.shape >= coroutine.shapes.size() ||
          coroutine.shapes[*resident.shape].size > bytes.size())
        continue;
      std::optional<std::string> text;
      if (std::ranges::find(resident.alive, ordinal) != resident.alive.end())
        text = value_text(coroutine.shapes, *resident.shape, bytes, address + field.offset, around);
      std::optional<std::string> &known = state.values[{f, r}];
      if (known == text)
        continue;
      known = text;
      result.values.push_back({.field = f, .resident = r, .text = std::move(text)});
    }
  }
  return result;
}

} // namespace coroscope::trace
