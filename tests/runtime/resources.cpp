// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counted by the kernel and by the C library.
#include "resources.h"
#include <filesystem>
#include <iterator>
#include <malloc.h>

namespace coroscope::testing {

std::size_t open_descriptors() {
  using listing = std::filesystem::directory_iterator;
  const auto count = std::distance(listing("/proc/self/fd"), listing());
  return static_cast<std::size_t>(count) - 1; // without the listing's own
}

std::size_t heap_in_use() noexcept {
  const struct mallinfo2 now = ::mallinfo2();
  return now.uordblks + now.hblkhd;
}

} // namespace coroscope::testing
