// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The recorder: when a recording begins and ends, and which thread writes where.
//
//   start of the program --> recording_file --> each thread: thread_writer in a block of its own
//
// An event takes no lock, makes no call and shares no memory with other threads; every 4 to 256 KiB of events the thread
// takes a new block from the file.
#include "coroscope/trace.h"

#include "clock.h"
#include "command_line.h"
#include "fork.h"
#include "frame_images.h"
#include "pointees.h"
#include "recording_file.h"
#include "settings.h"
#include "thread_writer.h"
#include "unnoticed.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <pthread.h>
#include <span>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>

// Before and after every static object of the program: priorities up to 100 are reserved for just that.
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wprio-ctor-dtor"
#endif

extern "C" {
constinit std::atomic<bool> coroscope_trace_on{false};
/// This copy of the recorder's own switch, whichever copy the name above is bound to.
[[gnu::visibility("hidden"), gnu::alias("coroscope_trace_on")]] extern std::atomic<bool> coroscope_trace_own_switch;
}

namespace coroscope::trace {

namespace {

using namespace format;

constexpr std::uint64_t largest_block = 256 * 1024;
constexpr std::size_t longest_text = 128;               ///< bytes of what a string or a vector leads to
constexpr std::size_t longest_object = 512;             ///< bytes of what a pointer leads to
constexpr std::uint64_t clock_interval_ns = 10'000'000; ///< between two clock records of a busy thread

constinit std::atomic<bool> started{false};
constinit recording_file file;
constinit event_clock program_clock;
constinit std::uint64_t clock_interval = 0; ///< ticks
constinit std::atomic<std::uint32_t> thread_count{0};
constinit std::atomic<std::uint32_t> live_threads{0};
constinit std::atomic<std::uint32_t> unit_count{0};
constinit std::atomic<bool> stopped{false};
constinit pid_t process = 0;
constinit std::uint64_t frame_limit = 0; ///< bytes of each frame that are recorded
constinit std::atomic<std::int64_t> frame_budget{0};
constinit std::uint64_t ring_size = 0; ///< bytes; 0: every event is kept
constinit forked_child child;
constinit pthread_key_t at_thread_end{};
constinit thread_local thread_writer this_thread;
constinit thread_local frame_images images;

/// What the await_suspend that returns right now hands the thread to.
struct hand_over {
  const void *from = nullptr;
  const void *to = nullptr;
};
constinit thread_local hand_over handed_over;
/// The frame whose suspension is the last that this thread recorded of any frame; none if it is something else.
constinit thread_local const void *last_suspended = nullptr;

void say(const char *path, const char *reason) noexcept {
  char text[4400];
  const int length = std::snprintf(text, sizeof text,
                                   "coroscope: cannot record into %.4096s (COROSCOPE_TRACE): %s; the program runs "
                                   "without a recording\n",
                                   path, reason != nullptr ? reason : "unknown error");
  if (length > 0 && write(STDERR_FILENO, text, std::min(static_cast<std::size_t>(length), sizeof text - 1)) < 0)
    return; // nobody to tell
}

void say(const char *path, int error) noexcept {
  say(path, error == EINVAL ? "not a regular file" : strerrordesc_np(error));
}

void count_lost() noexcept { std::atomic_ref(file.header().lost).fetch_add(1, std::memory_order_relaxed); }

/// No more blocks can be had. Events that find no room are counted from here on.
void give_up(int error) noexcept {
  if (stopped.exchange(true))
    return;
  file.header().stop_errno = static_cast<std::uint32_t>(error);
  std::atomic_ref(file.header().state).store(run_state::stopped, std::memory_order_release);
}

void end_thread(void *) noexcept {
  const unnoticed guard;
  thread_writer &writer = this_thread;
  if (writer.block != nullptr && coroscope_trace_on.load(std::memory_order_relaxed))
    file.release(writer.block);
  writer.end_block();
  images.close();
  writer.registered = false;
  live_threads.fetch_sub(1);
}

void add_table(std::uint32_t number, const void *table, std::uint64_t size) noexcept {
  block_header *block = file.take_block(block_kind::table, sizeof(block_header) + size, number, {});
  if (block == nullptr)
    return give_up(errno);
  std::memcpy(block + 1, table, size);
  std::atomic_ref(block->committed).store(size, std::memory_order_release);
  file.release(block);
}

/// The first event of a forked child makes its own file; one that only becomes another program makes none.
void begin_child() noexcept {
  child.once([]() noexcept {
    char path[4096];
    const int error = child.path(path, sizeof path) ? file.open(path, ring_size, false) : ENAMETOOLONG;
    if (error != 0) {
      coroscope_trace_on.store(false, std::memory_order_relaxed);
      return say(path, error);
    }
    const forked_child::inherited &from = child.parent();
    file_header &header = file.header();
    header.clock = program_clock.kind;
    header.clock_shift = program_clock.shift;
    header.start_realtime = from.start_realtime;
    header.first = from.first;
    header.last = program_clock.pair();
    header.parent = from.pid;
    add_command_line(file);
    child.for_each_table(add_table);
  });
}

/// Gives the thread a block with room for `bytes`. False: the event is lost.
[[gnu::noinline]] bool next_block(thread_writer &writer, std::size_t bytes) noexcept {
  const unnoticed guard;
  begin_child();
  if (stopped.load(std::memory_order_relaxed) || !coroscope_trace_on.load(std::memory_order_relaxed))
    return false;
  if (writer.block != nullptr) {
    file.release(writer.block);
    writer.end_block();
  }
  if (writer.number == 0)
    writer.number = 1 + thread_count.fetch_add(1);
  if (!writer.registered) {
    writer.registered = pthread_setspecific(at_thread_end, &writer) == 0;
    live_threads.fetch_add(1);
  }
  writer.next_capacity = writer.next_capacity == 0 ? file.unit() : std::min(writer.next_capacity * 2, largest_block);
  const std::uint64_t needed = sizeof(block_header) + bytes;
  const clock_pair now = program_clock.pair();
  block_header *block = file.take_block(block_kind::events, std::max(writer.next_capacity, needed), writer.number, now);
  if (block == nullptr) {
    if (errno != EAGAIN) // other threads have every block of the ring
      give_up(errno);
    return false;
  }
  pthread_getname_np(pthread_self(), block->name.data(), block->name.size());
  writer.begin_block(block);
  writer.clock_due = now.tick + clock_interval;
  return true;
}

[[gnu::noinline]] void record_clock(thread_writer &writer) noexcept {
  const clock_pair now = program_clock.pair();
  writer.clock_due = now.tick + clock_interval;
  writer.append(clock_record, now.tick, 0, {},
                [&](byte_cursor &to) noexcept { to.put_unsigned(now.ns - writer.block->start.ns); });
}

/// `arguments` writes at most `room` bytes.
template <class Arguments>
void add(std::uint8_t kind, const void *frame, coroutine_key coroutine, const Arguments &arguments,
         std::size_t room = 0) noexcept {
  thread_writer &writer = this_thread;
  if (writer.busy) [[unlikely]]
    return count_lost();
  writer.busy = true;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  const std::size_t most = 2 * thread_writer::longest_event + room;
  if (!writer.has_room(most) && !next_block(writer, most)) [[unlikely]] {
    count_lost();
  } else {
    const bool alone = thread_count.load(std::memory_order_relaxed) <= 1;
    const std::uint64_t tick = alone ? program_clock.now_alone() : program_clock.now();
    if (tick > writer.clock_due) [[unlikely]]
      record_clock(writer);
    writer.append(kind, tick, reinterpret_cast<std::uintptr_t>(frame), coroutine, arguments);
  }
  std::atomic_signal_fence(std::memory_order_seq_cst);
  writer.busy = false;
}

std::uint32_t unit_number(const coroscope_trace_module *unit) noexcept {
  const std::uint32_t number =
      std::atomic_ref(const_cast<coroscope_trace_module *>(unit)->number).load(std::memory_order_relaxed);
  if (number != 0) [[likely]]
    return number;
  coroscope_trace_register(const_cast<coroscope_trace_module *>(unit)); // its constructor has not run yet
  return unit->number;
}

/// The moments at which a reader of a recording can see into a frame.
constexpr bool shows_frame(event_kind kind) noexcept {
  return kind == event_kind::suspended || kind == event_kind::resumed || kind == event_kind::destroyed;
}

void leave_frame_out() noexcept {
  std::atomic_ref(file.header().frames_left_out).fetch_add(1, std::memory_order_relaxed);
}

/// How many of the bytes at the address could be read: it may lead nowhere, so that the kernel reads them.
std::size_t read_memory(std::uint64_t address, std::span<std::byte> bytes) noexcept {
  const iovec to{bytes.data(), bytes.size()};
  const iovec from{reinterpret_cast<void *>(address), to.iov_len}; // NOLINT(performance-no-int-to-ptr): it is one
  const ssize_t got = process_vm_readv(process, &to, 1, &from, 1, 0);
  return got < 0 ? 0 : static_cast<std::size_t>(got);
}

/// What a pointer in the frame leads to; at most `Most` bytes of it.
template <std::size_t Most> void add_memory(const std::byte *frame, coroutine_key coroutine, pointee what) noexcept {
  std::byte bytes[Most];
  const std::size_t got =
      what.size == 0 ? 0 : read_memory(what.address, {bytes, std::min<std::size_t>(what.size, Most)});
  if (got == 0)
    return;
  add(
      static_cast<std::uint8_t>(event_kind::memory_bytes), frame, coroutine,
      [&](byte_cursor &to) noexcept {
        to.put_signed(what.address - reinterpret_cast<std::uintptr_t>(frame));
        to.put_bytes([&](std::byte *first) noexcept {
          std::memcpy(first, bytes, got);
          return first + got;
        });
      },
      Most + byte_cursor::bytes_of_length);
  frame_budget.fetch_sub(static_cast<std::int64_t>(got), std::memory_order_relaxed);
}

void add_pointee(const std::byte *frame, std::size_t size, coroutine_key coroutine,
                 const coroscope_trace_pointer &pointer) noexcept {
  const std::byte *object = frame + pointer.offset;
  auto address = reinterpret_cast<std::uintptr_t>(object);
  std::byte behind[longest_leading] = {};
  if ((pointer.kind & coroscope_trace_behind) != 0) {
    const std::uint64_t target = word_of(object, 0);
    if (target == 0)
      return;
    if ((pointer.kind & 0xff) == 0) {
      const std::uint64_t inside = target - reinterpret_cast<std::uintptr_t>(frame);
      if (inside >= size || pointer.element > size - inside) // else the frame's bytes tell it
        add_memory<longest_object>(frame, coroutine, {target, pointer.element});
      return;
    }
    address = target + (pointer.kind >> 16);
    if (read_memory(address, behind) == 0)
      return;
    object = behind;
  }
  add_memory<longest_text>(frame, coroutine, pointee_of(object, address, pointer.kind));
}

/// What the frame holds, for the event that the caller adds next.
[[gnu::noinline]] void add_frame(const void *frame, const coroscope_trace_module *unit, std::uint32_t coroutine,
                                 std::uint32_t ordinal) noexcept {
  if (unit->version < 2 || coroutine >= unit->coroutines || this_thread.busy)
    return leave_frame_out();
  const std::size_t size = std::min<std::size_t>(unit->frame_sizes[coroutine], frame_limit);
  const unnoticed guard;
  if (frame_budget.load(std::memory_order_relaxed) <= 0 || (!images.ready() && !images.open(frame_limit)))
    return leave_frame_out();
  add(
      static_cast<std::uint8_t>(event_kind::frame_bytes), frame, {unit_number(unit), coroutine},
      [&](byte_cursor &to) noexcept {
        const std::byte *const before = to.at;
        to.put_bytes([&](std::byte *first) noexcept {
          return images.put(first, static_cast<const std::byte *>(frame), size, this_thread.block->sequence);
        });
        frame_budget.fetch_sub(to.at - before, std::memory_order_relaxed);
      },
      frame_images::longest(size));
  const auto *bytes = static_cast<const std::byte *>(frame);
  for_each_pointer(bytes, size, *unit, coroutine, ordinal, [&](const coroscope_trace_pointer &pointer) noexcept {
    add_pointee(bytes, size, {unit_number(unit), coroutine}, pointer);
  });
}

constexpr bool is_reported_by_coroutines(std::uint8_t kind) noexcept {
  using enum event_kind;
  std::uint32_t reported = 0;
  for (const event_kind one :
       {frame_created, suspended, not_suspended, resumed, destroyed, frame_freed, threw, unwound})
    reported |= 1u << static_cast<unsigned>(one);
  return kind < 32 && (reported >> kind & 1) != 0;
}

/// Tells that the thread is back from what other frames did in the await_suspend; if none did anything, there is
/// nothing to tell.
void return_from_awaiter(const void *frame) noexcept {
  if (last_suspended != frame)
    add(static_cast<std::uint8_t>(event_kind::awaiter_returned), frame, {}, [](byte_cursor &) noexcept {});
}

/// Apart from coroscope_trace_event, which saves no register when nothing is recorded.
[[gnu::noinline]] void add_event(const void *frame, const coroscope_trace_module *unit, std::uint32_t coroutine,
                                 std::uint32_t what) noexcept {
  const auto kind = static_cast<std::uint8_t>(what & 0xff);
  if (!is_reported_by_coroutines(kind)) [[unlikely]]
    return count_lost();
  if (frame_limit != 0 && shows_frame(static_cast<event_kind>(kind))) [[unlikely]]
    add_frame(frame, unit, coroutine, what >> 8);
  last_suspended = kind == static_cast<std::uint8_t>(event_kind::suspended) ? frame : nullptr;
  const coroutine_key key{unit_number(unit), coroutine};
  if (handed_over.from != nullptr) {
    const void *const from = std::exchange(handed_over.from, nullptr);
    if (handed_over.to == frame && kind == static_cast<std::uint8_t>(event_kind::resumed))
      return add(static_cast<std::uint8_t>(event_kind::transferred), frame, key, [&](byte_cursor &to) noexcept {
        to.put_unsigned(what >> 8);
        to.put_signed(reinterpret_cast<std::uintptr_t>(from) - reinterpret_cast<std::uintptr_t>(frame));
      });
  }
  add(kind, frame, key, [&](byte_cursor &to) noexcept {
    if (kind < static_cast<std::uint8_t>(event_kind::frame_freed))
      to.put_unsigned(what >> 8);
  });
}

/// The mappings are shared with the parent, whose recording this is.
void in_forked_child() noexcept {
  if (!coroscope_trace_on.load(std::memory_order_relaxed))
    return;
  process = getpid();
  child.begin(file.header(), file.descriptor());
  file.abandon();
  stopped.store(false, std::memory_order_relaxed);
  live_threads.store(this_thread.registered ? 1 : 0, std::memory_order_relaxed);
  this_thread.end_block();
  this_thread.busy = false;
  images.close(); // its blocks are numbered anew
}

void at_exit(int status, void *) noexcept {
  if (!coroscope_trace_on.load(std::memory_order_relaxed))
    return;
  file.header().exit_status = status;
  file.header().last = program_clock.pair();
}

void begin_clock() noexcept {
  const chosen_clock chosen = choose_clock();
  program_clock = chosen.clock;
  clock_interval = clock_interval_ns / 2; // a tick is 1 to 2 ns
  file_header &header = file.header();
  header.clock = program_clock.kind;
  header.clock_shift = program_clock.shift;
  header.first = chosen.start;
  header.last = program_clock.pair();
}

/// A library that has a recorder of its own, loaded into a program that exports one, leaves the recording to that.
bool is_recorder_of_the_program() noexcept {
  std::atomic<bool> *volatile bound = &coroscope_trace_on; // volatile: the compiler takes them to be one
  return bound == &coroscope_trace_own_switch;
}

[[gnu::constructor(1)]] void start() noexcept {
  if (started.exchange(true) || !is_recorder_of_the_program())
    return;
  const unnoticed guard;
  const settings wanted = read_settings();
  if (wanted.path == nullptr)
    return;
  if (wanted.mistake != nullptr)
    return say(wanted.path, wanted.mistake);
  ring_size = wanted.ring_size;
  int error = pthread_key_create(&at_thread_end, end_thread);
  if (error == 0)
    error = file.open(wanted.path, ring_size, wanted.keeps_others);
  if (error != 0)
    return say(wanted.path, error);
  child.remember(file.descriptor());
  begin_clock();
  process = getpid();
  // A frame's bytes stand in one block.
  frame_limit = file.slot_size() == 0 ? wanted.frame_limit : std::min(wanted.frame_limit, file.slot_size() / 8);
  frame_budget = wanted.frame_budget;
  add_command_line(file);
  pthread_atfork(nullptr, nullptr, in_forked_child);
  on_exit(at_exit, nullptr);
  coroscope_trace_on.store(true, std::memory_order_release);
}

/// Runs after the destructors of the program's static objects, whose events still count.
[[gnu::destructor(1)]] void finish() noexcept {
  if (!is_recorder_of_the_program() || !coroscope_trace_on.exchange(false))
    return;
  thread_writer &writer = this_thread;
  file_header &header = file.header();
  header.last = program_clock.pair();
  if (live_threads.load() == (writer.block != nullptr ? 1u : 0u) && writer.block != nullptr)
    file.trim(writer.block);
  if (!stopped.load())
    std::atomic_ref(header.state).store(run_state::ended, std::memory_order_release);
}

} // namespace

} // namespace coroscope::trace

using namespace coroscope::trace;

void coroscope_trace_event(const void *frame, const coroscope_trace_module *unit, std::uint32_t coroutine,
                           std::uint32_t what) noexcept {
  if (recording())
    add_event(frame, unit, coroutine, what);
}

void coroscope_trace_transfer(const void *from, const void *to) noexcept {
  if (!recording())
    return;
  return_from_awaiter(from);
  handed_over = {from, to};
}

void coroscope_trace_returned(const void *frame) noexcept {
  if (recording())
    return_from_awaiter(frame);
}

void coroscope_trace_register(coroscope_trace_module *unit) noexcept {
  start();
  std::atomic_ref number(unit->number);
  if (!recording() || number.load(std::memory_order_relaxed) != 0)
    return;
  const unnoticed guard;
  begin_child();
  const std::uint32_t mine = 1 + unit_count.fetch_add(1);
  number.store(mine, std::memory_order_relaxed);
  add_table(mine, unit->table, unit->table_size);
}

void coroscope_trace_record(event_kind kind, const void *frame, std::uint64_t a, std::uint64_t b) noexcept {
  const auto number = static_cast<std::uint8_t>(kind);
  const char *arguments = number < kind_limit ? arguments_of[number] : nullptr;
  if (arguments == nullptr)
    return count_lost();
  add(number, frame, {}, [&](byte_cursor &to) noexcept {
    std::uint64_t value = a;
    for (const char *letter = arguments; *letter != '\0'; ++letter, value = b) {
      if (*letter == 's')
        to.put_signed(value);
      else if (*letter == 'p')
        to.put_signed(value - reinterpret_cast<std::uintptr_t>(frame));
      else
        to.put_unsigned(value);
    }
  });
}
