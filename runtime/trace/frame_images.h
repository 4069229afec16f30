// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a thread remembers of the frames whose bytes it recorded, so that it records only what changed since.
//
//   bytes of a frame now + as recorded before --put()--> (equal, changed, bytes)… of docs/trace-format.md
#pragma once

#include "format.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <sys/mman.h>

namespace coroscope::trace {

class frame_images {
public:
  /// No frame of `limit` bytes takes more than this.
  static constexpr std::size_t longest(std::size_t limit) noexcept { return 2 * limit + 32; }

  [[nodiscard]] bool ready() const noexcept { return memory_ != nullptr; }

  /// Takes memory of its own for frames of up to `limit` bytes: the program's allocator is not touched.
  bool open(std::size_t limit) noexcept {
    void *const memory =
        mmap(nullptr, slots * limit, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
      return false;
    memory_ = static_cast<std::byte *>(memory);
    limit_ = limit;
    return true;
  }

  void close() noexcept {
    if (memory_ != nullptr)
      munmap(memory_, slots * limit_);
    memory_ = nullptr;
    for (slot &one : slots_)
      one = {};
  }

  /// Writes the frame's `size` bytes, at most the limit, to `to` and remembers them; returns the end of what it wrote.
  /// What a reader knows of the frame it knows from the block of this number.
  std::byte *put(std::byte *to, const std::byte *frame, std::size_t size, std::uint64_t block) noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(frame);
    const std::size_t index = format::slot_of(address) % slots;
    std::byte *const image = memory_ + index * limit_;
    const bool is_known = slots_[index] == slot{address, size, block};
    if (!is_known)
      std::memset(image, 0, size);
    slots_[index] = {address, size, block};
    *to++ = static_cast<std::byte>(is_known ? format::since_last : format::since_zero);
    to = put_number(to, size);
    for (std::size_t at = 0; at < size;) {
      const std::size_t begin = at + equal_bytes(image + at, frame + at, size - at);
      const std::size_t end = end_of_change(image, frame, begin, size);
      if (begin == end)
        break;
      to = put_number(put_number(to, begin - at), end - begin);
      std::memcpy(image + begin, frame + begin, end - begin);
      std::memcpy(to, image + begin, end - begin); // of the image: another thread may be writing to the frame
      to += end - begin;
      at = end;
    }
    return to;
  }

private:
  static constexpr std::size_t slots = 64;
  static constexpr std::size_t shortest_gap = 8; ///< fewer equal bytes do not end a stretch of changed ones

  struct slot {
    std::uint64_t address = 0;
    std::size_t size = 0;
    std::uint64_t block = 0;
    bool operator==(const slot &) const = default;
  };

  static std::size_t equal_bytes(const std::byte *one, const std::byte *other, std::size_t size) noexcept {
    std::size_t count = 0;
    for (; count + 8 <= size && std::memcmp(one + count, other + count, 8) == 0; count += 8)
      ;
    while (count < size && one[count] == other[count])
      ++count;
    return count;
  }

  static std::size_t end_of_change(const std::byte *image, const std::byte *frame, std::size_t begin,
                                   std::size_t size) noexcept {
    std::size_t end = begin;
    for (std::size_t at = begin; at < size && at - end < shortest_gap; ++at)
      if (image[at] != frame[at])
        end = at + 1;
    return end;
  }

  static std::byte *put_number(std::byte *to, std::size_t value) noexcept {
    for (; value >= 0x80; value >>= 7)
      *to++ = static_cast<std::byte>(value | 0x80);
    *to++ = static_cast<std::byte>(value);
    return to;
  }

  std::byte *memory_ = nullptr;
  std::size_t limit_ = 0;
  slot slots_[slots];
};

} // namespace coroscope::trace
