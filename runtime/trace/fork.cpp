// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parent's tables are copied from its file: the units that they came from may have been unloaded since.
#include "fork.h"

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coroscope::trace {

using namespace format;

/// Absolute, so that a program may change its directory; empty where /proc does not say.
void forked_child::path_of(int descriptor, char *to, std::size_t size) noexcept {
  char link[64];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, to, size - 1);
  to[length > 0 ? length : 0] = '\0';
}

void forked_child::begin(const file_header &header, int descriptor) noexcept {
  if (state_.load(std::memory_order_relaxed) == state::none) { // else the parent had no file of its own yet
    parent_ = {header.pid, header.start_realtime, header.first};
    unit_ = header.unit;
    tables_ = header.unit + header.ring;
    path_of(descriptor, parent_file_, sizeof parent_file_);
  }
  state_.store(state::forked, std::memory_order_release);
}

bool forked_child::path(char *to, std::size_t size) const noexcept {
  const int length = std::snprintf(to, size, "%s.%d", first_, static_cast<int>(getpid()));
  return first_[0] != '\0' && length > 0 && static_cast<std::size_t>(length) < size;
}

void forked_child::for_each_table(void (*use)(std::uint32_t number, const void *table,
                                              std::uint64_t size)) const noexcept {
  const int descriptor = open(parent_file_, O_RDONLY | O_CLOEXEC);
  struct stat status{};
  if (descriptor < 0 || fstat(descriptor, &status) != 0)
    return;
  const auto size = static_cast<std::uint64_t>(status.st_size);
  void *const memory = mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (memory == MAP_FAILED)
    return;
  const auto *const bytes = static_cast<const std::byte *>(memory);
  for (std::uint64_t offset = tables_; offset + sizeof(block_header) <= size;) {
    block_header block{};
    std::memcpy(&block, bytes + offset, sizeof block);
    const bool is_whole = block.magic == block_magic && block.capacity >= unit_ && block.capacity <= size - offset &&
                          block.committed <= block.capacity - sizeof block;
    if (is_whole && block.kind == block_kind::table)
      use(block.owner, bytes + offset + sizeof block, block.committed);
    offset += is_whole ? block.capacity : unit_;
  }
  munmap(memory, size);
}

} // namespace coroscope::trace
