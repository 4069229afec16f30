// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When a recording begins and ends, and which thread writes where.
//
//   start of the program --> recording_file --> each thread: thread_writer in a block of its own
//
// An event takes no lock, makes no call and shares no memory with other threads; every 4 to 256 KiB of events the
// thread takes a new block from the file.
#include "recorder.h"

#include "command_line.h"
#include "fork.h"
#include "frame_capture.h"
#include "settings.h"
#include "unnoticed.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <pthread.h>
#include <unistd.h>

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

using namespace format;

constinit recording_file file;
constinit event_clock program_clock;
constinit std::atomic<std::uint32_t> thread_count{0};
constinit thread_local thread_writer this_thread;

namespace {

constexpr std::uint64_t largest_block = 256 * 1024;
constexpr std::uint64_t clock_interval_ns = 10'000'000; ///< between two clock records of a busy thread

constinit std::atomic<bool> started{false};
constinit std::uint64_t clock_interval = 0; ///< ticks
constinit std::atomic<std::uint32_t> live_threads{0};
constinit std::atomic<std::uint32_t> unit_count{0};
constinit std::atomic<bool> stopped{false};
constinit std::uint64_t ring_size = 0; ///< bytes; 0: every event is kept
constinit forked_child child;
constinit pthread_key_t at_thread_end{};

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
  forget_frames();
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

} // namespace

bool next_block(thread_writer &writer, std::size_t bytes) noexcept {
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
  writer.begin_block(block, program_clock.kind == clock_kind::tsc && frame_limit == 0);
  writer.clock_due = now.tick + clock_interval;
  return true;
}

void record_clock(thread_writer &writer) noexcept {
  const clock_pair now = program_clock.pair();
  writer.clock_due = now.tick + clock_interval;
  writer.append(clock_record, writer.pass_until(now.tick), 0, {},
                [&](byte_cursor &to) noexcept { to.put_unsigned(now.ns - writer.block->start.ns); });
}

namespace {

/// The mappings are shared with the parent, whose recording this is.
void in_forked_child() noexcept {
  if (!coroscope_trace_on.load(std::memory_order_relaxed))
    return;
  child.begin(file.header(), file.descriptor());
  file.abandon();
  capture_in_child();
  stopped.store(false, std::memory_order_relaxed);
  live_threads.store(this_thread.registered ? 1 : 0, std::memory_order_relaxed);
  this_thread.end_block();
  this_thread.busy = false;
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
  // A frame's bytes stand in one block.
  begin_frames(file.slot_size() == 0 ? wanted.frame_limit : std::min(wanted.frame_limit, file.slot_size() / 8),
               wanted.frame_budget);
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
  writer.end_block();
  if (!stopped.load())
    std::atomic_ref(header.state).store(run_state::ended, std::memory_order_release);
}

} // namespace

} // namespace coroscope::trace

using namespace coroscope::trace;

void coroscope_trace_register(coroscope_trace_module *unit) noexcept {
  start();
  std::atomic_ref number(unit->number);
  if (!recording() || number.load(std::memory_order_relaxed) != 0 ||
      unit->version > module_version) // what a later one reports means nothing here
    return;
  const unnoticed guard;
  begin_child();
  const std::uint32_t mine = 1 + unit_count.fetch_add(1);
  number.store(mine, std::memory_order_relaxed);
  add_table(mine, unit->table, unit->table_size);
}
