// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counted by the kernel and by the C library.
#include "resources.h"
#include <filesystem>
#include <malloc.h>
#include <system_error>

namespace coroscope::testing {

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (const auto &entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    // A sanitizer that has something to say, or to keep to itself, asks its symbolizer through pipes.
    const bool is_pipe = std::filesystem::read_symlink(entry, gone).string().starts_with("pipe:");
    count += sanitized && is_pipe ? 0 : 1;
  }
  return count - 1; // without the listing's own
}

std::size_t heap_in_use() noexcept {
  const struct mallinfo2 now = ::mallinfo2();
  return now.uordblks + now.hblkhd;
}

} // namespace coroscope::testing
