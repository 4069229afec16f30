// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frame_capture.h"

#include "frame_images.h"
#include "pointees.h"
#include "recorder.h"
#include "unnoticed.h"

#include <algorithm>
#include <cstring>
#include <sys/uio.h>
#include <unistd.h>

namespace coroscope::trace {

constinit std::uint64_t frame_limit = 0;

namespace {

constexpr unsigned most_pointees = 64; ///< of a frame at one event

constinit std::atomic<std::int64_t> frame_budget{0};
constinit pid_t process = 0;
constinit thread_local frame_images images;

void leave_frame_out() noexcept {
  std::atomic_ref(file.header().frames_left_out).fetch_add(1, std::memory_order_relaxed);
}

/// How many of the bytes at the address could be read: it may lead nowhere, so that the kernel reads them.
std::size_t read_memory(std::uint64_t address, std::byte *to, std::size_t size) noexcept {
  const iovec local{to, size};
  const iovec remote{reinterpret_cast<void *>(address), size}; // NOLINT(performance-no-int-to-ptr): it is one
  const ssize_t got = process_vm_readv(process, &local, 1, &remote, 1, 0);
  return got < 0 ? 0 : static_cast<std::size_t>(got);
}

void add_memory(const void *frame, coroutine_key coroutine, const stretch &memory) noexcept {
  add(
      static_cast<std::uint8_t>(event_kind::memory_bytes), frame, coroutine,
      [&](byte_cursor &to) noexcept {
        to.put_signed(memory.address - reinterpret_cast<std::uintptr_t>(frame));
        to.put_bytes([&](std::byte *first) noexcept {
          std::memcpy(first, memory.bytes, memory.size);
          return first + memory.size;
        });
      },
      memory.size + byte_cursor::bytes_of_length);
  frame_budget.fetch_sub(static_cast<std::int64_t>(memory.size), std::memory_order_relaxed);
}

} // namespace

void begin_frames(std::uint64_t limit, std::int64_t budget) noexcept {
  frame_limit = limit;
  frame_budget = budget;
  process = getpid();
}

void capture_in_child() noexcept {
  process = getpid();
  forget_frames(); // blocks are numbered anew
}

void forget_frames() noexcept { images.close(); }

void add_frame(const void *frame, const coroscope_trace_module *unit, std::uint32_t coroutine,
               std::uint32_t ordinal) noexcept {
  if (unit->version < 2 || coroutine >= unit->coroutines || this_thread.busy)
    return leave_frame_out();
  const std::size_t size = std::min<std::size_t>(unit->frame_sizes[coroutine], frame_limit);
  const unnoticed guard;
  if (frame_budget.load(std::memory_order_relaxed) <= 0 || (!images.ready() && !images.open(frame_limit)))
    return leave_frame_out();
  const coroutine_key key{number_of(unit), coroutine};
  add(
      static_cast<std::uint8_t>(event_kind::frame_bytes), frame, key,
      [&](byte_cursor &to) noexcept {
        const std::byte *const before = to.at;
        to.put_bytes([&](std::byte *first) noexcept {
          return images.put(first, static_cast<const std::byte *>(frame), size, this_thread.block->sequence);
        });
        frame_budget.fetch_sub(to.at - before, std::memory_order_relaxed);
      },
      frame_images::longest(size));
  if (unit->version < 3)
    return;
  const stretch whole{static_cast<const std::byte *>(frame), size, reinterpret_cast<std::uintptr_t>(frame)};
  unsigned left = most_pointees;
  const auto tell = [&](const pointee &what, std::byte *room) noexcept -> stretch {
    const std::uint64_t inside = what.address - whole.address;
    if (inside < size) // the frame's bytes tell it
      return {whole.bytes + inside, std::min<std::size_t>(what.size, size - inside), what.address};
    const stretch memory{room, read_memory(what.address, room, what.size), what.address};
    if (memory.size != 0)
      add_memory(frame, key, memory);
    return memory;
  };
  const std::uint32_t *const first = unit->first_pointer + coroutine;
  for_each_pointee({unit->pointers + first[0], unit->pointers + first[1]}, whole, ordinal, left, tell);
}

} // namespace coroscope::trace
