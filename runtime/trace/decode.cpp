// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the bytes of a block become events again. Nothing here trusts a byte: what does not fit ends the block.
#include "decode.h"

#include <charconv>

namespace coroscope::trace {
namespace {

using namespace format;

std::string_view take_until(std::string_view &text, char end) {
  const std::size_t length = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return taken;
}

} // namespace

kind_table read_kinds(std::string_view text) {
  kind_table table;
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    const std::string_view digits = take_until(line, ' ');
    const std::string_view name = take_until(line, ' ');
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size() || number >= kind_limit || name.empty() ||
        line.find_first_not_of("nuspdf") != std::string_view::npos)
      continue;
    table.names[number] = name;
    table.arguments[number] = line;
  }
  return table;
}

bool block_decoder::fail(const char *reason) {
  reason_ = reason;
  return false;
}

bool block_decoder::read_byte(std::uint8_t &value) {
  if (at_ == payload_.size())
    return fail("an event is cut off");
  value = static_cast<std::uint8_t>(payload_[at_++]);
  return true;
}

bool block_decoder::read_unsigned(std::uint64_t &value) {
  value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    std::uint8_t byte;
    if (!read_byte(byte))
      return false;
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80)
      return true;
  }
  return fail("a number has more than 64 bits");
}

bool block_decoder::read_small(std::uint32_t &value) {
  std::uint64_t wide;
  if (!read_unsigned(wide))
    return false;
  value = static_cast<std::uint32_t>(wide);
  return wide <= UINT32_MAX || fail("a number is out of range");
}

bool block_decoder::read(raw_event &event) {
  std::uint8_t first;
  std::uint64_t passed = 0;
  if (!read_byte(first))
    return false;
  event.kind = first % kind_limit;
  const auto &arguments = kinds_->arguments[event.kind];
  if (!arguments)
    return fail("an event of a kind that the file does not declare");
  if (((first & same_time) == 0 && !read_unsigned(passed)) || !read_frame(static_cast<frame_form>(first >> 6), event))
    return false;
  if (passed > UINT64_MAX - tick_)
    return fail("the clock runs over");
  tick_ += passed;
  event.tick = tick_;
  return read_arguments(*arguments, event);
}

bool block_decoder::read_frame(frame_form form, raw_event &event) {
  if (form == frame_form::none)
    return true;
  if (form == frame_form::slot) {
    std::uint8_t slot;
    if (!read_byte(slot))
      return false;
    last_frame_ = frames_[slot];
  } else if (form == frame_form::literal && !read_literal()) {
    return false;
  }
  if (last_frame_.address == 0)
    return fail("an event names a frame that the block has not named before");
  event.address = last_frame_.address;
  event.unit = last_frame_.unit;
  event.coroutine = last_frame_.coroutine;
  return true;
}

bool block_decoder::read_literal() {
  std::uint64_t distance;
  std::uint32_t unit;
  if (!read_unsigned(distance) || !read_small(unit))
    return false;
  frame_entry entry = last_frame_; // of the same coroutine, unless told otherwise
  if (unit != 0) {
    entry.unit = unit - 1;
    if (!read_small(entry.coroutine))
      return false;
  }
  last_literal_ += unzigzag(distance);
  entry.address = std::rotl(last_literal_, 3);
  last_frame_ = frames_[slot_of(entry.address)] = entry;
  return true;
}

bool block_decoder::read_arguments(const std::string &letters, raw_event &event) {
  std::uint64_t *target = &event.a;
  for (const char letter : letters) {
    std::uint64_t value;
    if (letter == 'n') {
      event.has_point = true;
      if (!read_small(event.point))
        return false;
      continue;
    }
    if (!read_unsigned(value))
      return false;
    if (letter == 'd' || letter == 'f') {
      if (value > payload_.size() - at_)
        return fail("an event's bytes are cut off");
      if (letter == 'f')
        event.bytes = payload_.subspan(at_, value);
      at_ += value;
      continue;
    }
    if (letter == 's' || letter == 'p')
      value = unzigzag(value);
    if (letter == 'p') {
      value += event.address;
      event.a_is_address = event.a_is_address || target == &event.a;
    }
    if (target != nullptr)
      *target = value;
    target = target == &event.a ? &event.b : nullptr;
  }
  return true;
}

std::optional<decode_problem> block_decoder::decode(std::span<const std::byte> payload, std::vector<raw_event> &events,
                                                    std::vector<clock_pair> &clocks) {
  payload_ = payload;
  while (at_ < payload_.size()) {
    const std::size_t first = at_;
    raw_event event;
    event.thread = thread_;
    if (!read(event))
      return decode_problem{first, reason_};
    if (event.kind == clock_record)
      clocks.push_back({event.tick, start_.ns + event.a});
    else
      events.push_back(event);
  }
  return std::nullopt;
}

} // namespace coroscope::trace
