// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How one thread turns its events into bytes of its current block.
//
//   (kind, frame, arguments) + tick --append()--> block payload: kind and frame form, time, frame, arguments
//
// Everything that the coding remembers starts afresh with each block, so that a block can be read alone.
#pragma once

#include "format.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace coroscope::trace {

/// A coroutine of the program: the number of its unit and its index in the unit's table; unit 0 where unknown.
/// One word, as it is compared and copied for each event.
class coroutine_key {
public:
  constexpr coroutine_key() noexcept = default;
  constexpr coroutine_key(std::uint32_t unit, std::uint32_t index) noexcept
      : bits_(unit | static_cast<std::uint64_t>(index) << 32) {}

  [[nodiscard]] constexpr std::uint32_t unit() const noexcept { return static_cast<std::uint32_t>(bits_); }
  [[nodiscard]] constexpr std::uint32_t index() const noexcept { return static_cast<std::uint32_t>(bits_ >> 32); }
  bool operator==(const coroutine_key &) const noexcept = default;

private:
  std::uint64_t bits_ = 0;
};

/// Where the next byte goes. It stands apart from the writer so that the compiler keeps it in a register.
struct byte_cursor {
  static constexpr unsigned bytes_of_length = 3;

  std::byte *at;

  [[gnu::always_inline]] void put_unsigned(std::uint64_t value) noexcept {
    while (value >= 0x80) [[unlikely]] {
      *at++ = static_cast<std::byte>(value | 0x80);
      value >>= 7;
    }
    *at++ = static_cast<std::byte>(value);
  }

  void put_signed(std::uint64_t value) noexcept { put_unsigned(format::zigzag(value)); }

  /// A length of at most `bytes_of_length` * 7 bits, and as many bytes, which `write(first)` writes and ends.
  template <class Write> void put_bytes(Write write) noexcept {
    std::byte *const length = at;
    std::byte *const first = at + bytes_of_length;
    at = write(first);
    const auto size = static_cast<std::size_t>(at - first);
    for (unsigned i = 0; i < bytes_of_length; ++i)
      length[i] = static_cast<std::byte>((size >> 7 * i & 0x7f) | (i + 1 < bytes_of_length ? 0x80 : 0));
  }
};

/// The time between two events of a thread.
struct elapsed {
  bool is_written = false; ///< else it is 0
  std::uint64_t ticks = 0;
};

struct thread_writer {
  struct frame_entry {
    std::uint64_t address = 0;
    coroutine_key coroutine;

    /// An event loop's event says no coroutine: any frame of that address will do.
    [[nodiscard]] bool is(std::uint64_t frame, coroutine_key of) const noexcept {
      return address == frame && (coroutine == of || of.unit() == 0);
    }
  };

  /// No event is longer: first byte, time, a literal frame, two arguments.
  static constexpr std::size_t longest_event = 1 + 10 + (10 + 5 + 5) + 2 * 10;

  bool busy = false; ///< set while an event is being written: a signal handler's event must not come between
  bool registered = false;
  std::uint32_t number = 0;        ///< 0: this thread has recorded nothing yet
  std::uint64_t next_capacity = 0; ///< bytes of the next block
  std::uint64_t last_tick = 0;
  std::uint64_t clock_due = 0; ///< the tick at which the next clock record is written
  std::uint64_t last_literal = 0;
  frame_entry last_frame;
  std::byte *next = nullptr;
  std::byte *end = nullptr;
  std::byte *usual_end = nullptr; ///< an event that begins before it has room; none has where the usual way is barred
  format::block_header *block = nullptr;
  frame_entry frames[format::frame_slots];

  [[nodiscard]] bool has_room(std::size_t bytes) const noexcept {
    return static_cast<std::size_t>(end - next) >= bytes;
  }

  /// `usual`: whether events may be written the usual way (events.cpp).
  void begin_block(format::block_header *taken, bool usual) noexcept {
    block = taken;
    next = reinterpret_cast<std::byte *>(taken + 1);
    end = reinterpret_cast<std::byte *>(taken) + taken->capacity;
    usual_end = usual ? end - longest_event : nullptr;
    last_tick = taken->start.tick;
    last_literal = 0;
    last_frame = {};
    for (frame_entry &entry : frames)
      entry = {};
  }

  void end_block() noexcept {
    block = nullptr;
    next = end = usual_end = nullptr;
  }

  /// How long after the thread's last event that is. There is no time before it.
  elapsed pass_until(std::uint64_t tick) noexcept {
    const std::uint64_t ticks = tick > last_tick ? tick - last_tick : 0;
    last_tick += ticks;
    return {true, ticks};
  }

  /// `frame` may be 0: then the event names none. `arguments(byte_cursor &)` writes what follows.
  template <class Arguments>
  void append(std::uint8_t kind, elapsed passed, std::uint64_t frame, coroutine_key coroutine,
              const Arguments &arguments) noexcept {
    if (frame == 0)
      return append_in(format::frame_form::none, kind, passed, [](byte_cursor &) noexcept {}, arguments);
    if (last_frame.is(frame, coroutine))
      return append_of_same_frame(kind, passed, arguments);
    append_of_other_frame(kind, passed, frame, coroutine, arguments);
  }

  /// The frame is `last_frame`.
  template <class Arguments>
  [[gnu::always_inline]] void append_of_same_frame(std::uint8_t kind, elapsed passed,
                                                   const Arguments &arguments) noexcept {
    append_in(format::frame_form::same, kind, passed, [](byte_cursor &) noexcept {}, arguments);
  }

  /// The frame is another one.
  template <class Arguments>
  [[gnu::always_inline]] void append_of_other_frame(std::uint8_t kind, elapsed passed, std::uint64_t frame,
                                                    coroutine_key coroutine, const Arguments &arguments) noexcept {
    const std::size_t slot = format::slot_of(frame);
    frame_entry &entry = frames[slot];
    if (entry.is(frame, coroutine))
      return append_in(
          format::frame_form::slot, kind, passed,
          [&](byte_cursor &to) noexcept {
            last_frame.address = frame;
            last_frame.coroutine = entry.coroutine;
            *to.at++ = static_cast<std::byte>(slot);
          },
          arguments);
    append_in(
        format::frame_form::literal, kind, passed,
        [&](byte_cursor &to) noexcept { put_literal(to, entry, frame, coroutine); }, arguments);
  }

private:
  template <class PutFrame, class Arguments>
  [[gnu::always_inline]] void append_in(format::frame_form form, std::uint8_t kind, elapsed passed,
                                        const PutFrame &put_frame, const Arguments &arguments) noexcept {
    byte_cursor to{next};
    *to.at++ =
        static_cast<std::byte>(kind | (passed.is_written ? 0 : format::same_time) | static_cast<unsigned>(form) << 6);
    if (passed.is_written)
      to.put_unsigned(passed.ticks);
    put_frame(to);
    arguments(to);
    next = to.at;
    const auto committed = static_cast<std::uint64_t>(to.at - reinterpret_cast<std::byte *>(block + 1));
    std::atomic_ref(block->committed).store(committed, std::memory_order_release);
  }

  [[gnu::always_inline]] void put_literal(byte_cursor &to, frame_entry &entry, std::uint64_t address,
                                          coroutine_key coroutine) noexcept {
    const std::uint64_t turned = std::rotr(address, 3); // frames are aligned to 8 or more
    to.put_signed(turned - last_literal);
    last_literal = turned;
    if (coroutine == last_frame.coroutine) {
      to.put_unsigned(0);
    } else {
      to.put_unsigned(1 + coroutine.unit());
      to.put_unsigned(coroutine.index());
    }
    // Each member by itself: to copy the whole of what was just stored in parts, the processor waits for the stores.
    last_frame.address = entry.address = address;
    last_frame.coroutine = entry.coroutine = coroutine;
  }
};

} // namespace coroscope::trace
