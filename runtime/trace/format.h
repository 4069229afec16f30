// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the bytes of a recording are: the structures that recorder and reader share. docs/trace-format.md says it in
// words.
//
//   [file_header, one unit] [block_header payload …] [block_header payload …] …      blocks start at whole units
#pragma once

#include "coroscope/trace.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace coroscope::trace::format {

static_assert(std::endian::native == std::endian::little, "recordings are little-endian");

inline constexpr std::array<char, 8> file_magic{'c', 'o', 'r', 'o', 't', 'r', 'c', '\n'};
inline constexpr std::uint32_t file_version = 3;

/// The same moment on the event clock and on CLOCK_MONOTONIC.
struct clock_pair {
  std::uint64_t tick; ///< ticks of the event clock, after the shift
  std::uint64_t ns;
};

enum class clock_kind : std::uint32_t { tsc = 1, monotonic = 2 };

enum class run_state : std::uint32_t {
  running = 0, ///< also: the process ended without its exit handlers
  ended = 1,   ///< the exit handlers ran: exit_status is known
  stopped = 2, ///< the recorder gave up for `stop_errno`; the program went on
};

/// At offset 0. It and the table of event kinds that follows it fill the first unit.
struct file_header {
  std::array<char, 8> magic;
  std::uint32_t version;
  std::uint32_t unit; ///< bytes; blocks start at multiples of it
  std::uint32_t pid;
  clock_kind clock;
  std::uint32_t clock_shift; ///< a TSC value is shifted right by this to give a tick
  run_state state;
  std::uint64_t start_realtime; ///< ns since 1970
  clock_pair first;             ///< where time 0 is
  clock_pair last;              ///< the latest pair that the recorder put here
  std::int32_t exit_status;     ///< what exit() was given; only in run_state::ended
  std::uint32_t stop_errno;
  std::uint64_t lost;            ///< events that were not recorded
  std::uint32_t kinds_size;      ///< bytes of the table of event kinds
  std::uint32_t frames_left_out; ///< times a frame's bytes were not recorded though they were asked for
  std::uint64_t ring;            ///< bytes behind the header whose blocks of events are used again and again; 0: none
  std::uint64_t overwritten;     ///< events that went that way
  std::uint32_t parent;          ///< process that this one was forked from while it was recorded; 0: none
  std::uint32_t reserved;
};
static_assert(sizeof(file_header) == 120 && std::is_trivially_copyable_v<file_header>);

inline constexpr std::uint32_t block_magic = 0x4b4c4243; // "CBLK"

enum class block_kind : std::uint32_t {
  command = 1, ///< the arguments of the process, each ended by a NUL
  table = 2,   ///< JSON: the coroutines of one unit; `owner` is the unit's number
  events = 3,  ///< events of one thread; `owner` is the thread's number
};

struct block_header {
  std::uint32_t magic;
  block_kind kind;
  std::uint64_t capacity;  ///< bytes to the next block, this header included; a multiple of the unit
  std::uint64_t committed; ///< bytes of payload that are valid
  clock_pair start;        ///< events: the tick that the first event's time counts from
  std::uint32_t owner;
  std::uint32_t os_thread;
  std::array<char, 16> name; ///< events: the thread's name, NUL-padded
  std::uint64_t sequence;    ///< ascending in the order in which blocks were taken, from 1
  std::uint32_t events;      ///< how many
  std::uint32_t slot;        ///< of the ring; no_slot outside
};
static_assert(sizeof(block_header) == 80 && std::is_trivially_copyable_v<block_header>);

inline constexpr std::uint32_t no_slot = UINT32_MAX;

/// In an event's first byte, beside its kind: it has no time, as no tick has passed since the event before.
inline constexpr std::uint8_t same_time = 0x20;

/// Which frame an event names: the two high bits of its first byte.
enum class frame_form : std::uint8_t {
  none = 0,
  slot = 1,    ///< one byte: where the block's frame table holds it
  literal = 2, ///< address and coroutine, which then enter the frame table
  same = 3,    ///< the frame that was named last in this block
};

inline constexpr std::size_t frame_slots = 256;

/// The first byte of a frame's bytes: what the changes that follow are made to.
inline constexpr std::uint8_t since_zero = 0; ///< bytes that are all 0
inline constexpr std::uint8_t since_last = 1; ///< what the block said of this frame last

/// The slot of the frame table that an address belongs to.
constexpr std::size_t slot_of(std::uint64_t address) noexcept {
  return static_cast<std::size_t>((address >> 4) * 0x9e3779b97f4a7c15u >> 56);
}

/// Maps values near 0, of either sign, to small ones.
constexpr std::uint64_t zigzag(std::uint64_t value) noexcept { return (value << 1) ^ (0 - (value >> 63)); }
constexpr std::uint64_t unzigzag(std::uint64_t value) noexcept { return (value >> 1) ^ (0 - (value & 1)); }

/// What follows the frame of an event, a letter an argument: n ordinal of a suspend point; u unsigned; s signed;
/// p address, as a signed distance from the event's frame; d length and bytes; f length and bytes of a frame.
struct kind_row {
  std::uint8_t number;
  const char *name;
  const char *arguments;
};

/// Not an event of the program: the clock pair of this moment; `u` is CLOCK_MONOTONIC less the block's start.
inline constexpr std::uint8_t clock_record = 15;

inline constexpr kind_row kind_rows[] = {
    {1, "frame_created", "u"}, {2, "suspended", "n"},     {3, "not_suspended", "n"},  {4, "resumed", "n"},
    {5, "destroyed", "n"},     {6, "frame_freed", ""},    {7, "frame_bytes", "f"},    {8, "memory_bytes", "pf"},
    {9, "transferred", "np"},  {10, "threw", ""},         {11, "unwound", ""},        {12, "awaiter_returned", ""},
    {15, "clock", "u"},        {16, "poll_begin", "s"},   {17, "poll_end", "u"},      {18, "fd_wait", "uu"},
    {19, "fd_ready", "uu"},    {20, "timer_armed", "uu"}, {21, "timer_fired", "u"},   {22, "timer_cancelled", "u"},
    {23, "task_spawned", ""},  {24, "task_finished", ""}, {25, "awaits", "p"},        {26, "posted", "u"},
    {27, "loop_begin", ""},    {28, "loop_end", ""},      {29, "task_cancelled", ""}, {30, "delivered", "u"},
};

/// The argument letters by kind; null for a number that is no kind.
inline constexpr auto arguments_of = [] {
  std::array<const char *, kind_limit> table{};
  for (const kind_row &row : kind_rows)
    table[row.number] = row.arguments;
  return table;
}();

} // namespace coroscope::trace::format
