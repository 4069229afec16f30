// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "command_line.h"

#include "recording_file.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <fcntl.h>
#include <unistd.h>

namespace coroscope::trace {

using namespace format;

void add_command_line(recording_file &file) noexcept {
  const int source = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  if (source < 0)
    return;
  std::uint64_t room = file.unit() - sizeof(block_header);
  char probe[4096];
  std::uint64_t size = 0;
  for (ssize_t got; (got = read(source, probe, sizeof probe)) > 0;)
    size += static_cast<std::uint64_t>(got);
  room = std::max(room, size);
  block_header *block = file.take_block(block_kind::command, sizeof(block_header) + room, 0, {});
  if (block != nullptr) {
    lseek(source, 0, SEEK_SET);
    std::uint64_t done = 0;
    char *payload = reinterpret_cast<char *>(block + 1);
    for (ssize_t got; done < room && (got = read(source, payload + done, room - done)) > 0;)
      done += static_cast<std::uint64_t>(got);
    std::atomic_ref(block->committed).store(done, std::memory_order_release);
    file.release(block);
  }
  close(source);
}

} // namespace coroscope::trace
