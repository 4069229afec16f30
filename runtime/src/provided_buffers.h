// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory that the kernel puts into what it receives: one pool for all streams of a loop.
//
//   pool -> the kernel fills a piece -> its number comes with the entry -> filled() -> give_back() -> pool
#pragma once

#include <array>
#include <cstddef>
#include <liburing.h>
#include <memory>
#include <span>

namespace coroscope::detail {

class provided_buffers {
public:
  static constexpr int group = 0;
  static constexpr unsigned count = 128; ///< a power of two
  static constexpr unsigned size = 4096;

  /// 0, or -errno. This outlives the ring.
  int provide_to(io_uring &ring) noexcept {
    io_uring_buf_reg memory{};
    memory.ring_addr = reinterpret_cast<__u64>(&queue_);
    memory.ring_entries = count;
    memory.bgid = group;
    const int result = io_uring_register_buf_ring(&ring, &memory, 0);
    for (unsigned number = 0; result == 0 && number < count; ++number)
      give_back(number);
    return result;
  }
  std::span<const char> filled(unsigned number, std::size_t bytes) const noexcept {
    return {&pieces_[std::size_t{number} * size], bytes};
  }
  void give_back(unsigned number) noexcept {
    io_uring_buf_ring_add(&queue_.head, &pieces_[std::size_t{number} * size], size, static_cast<unsigned short>(number),
                          io_uring_buf_ring_mask(count), 0);
    io_uring_buf_ring_advance(&queue_.head, 1);
  }

private:
  union alignas(4096) queue { // as the kernel reads it: the head lies over the first entry
    io_uring_buf_ring head;
    std::array<io_uring_buf, count> entries{};
  };
  queue queue_;
  std::unique_ptr<char[]> pieces_ = std::make_unique_for_overwrite<char[]>(std::size_t{count} * size);
};

} // namespace coroscope::detail
