// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "settings.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace coroscope::trace {
namespace {

constexpr std::uint64_t largest_frame = 1024 * 1024; ///< more of a frame is never recorded

/// LIMIT:BUDGET, both in bytes; without a budget frames may take what there is.
void read_frames(const char *text, settings &wanted) noexcept {
  char *end = nullptr;
  wanted.frame_limit = std::min<std::uint64_t>(std::strtoull(text, &end, 10), largest_frame);
  const std::uint64_t budget = *end == ':' ? std::strtoull(end + 1, nullptr, 10) : UINT64_MAX;
  wanted.frame_budget = static_cast<std::int64_t>(std::min<std::uint64_t>(budget, INT64_MAX));
}

/// BYTES, of which K, M and G are multiples; 0 for what is no size.
std::uint64_t read_ring(const char *text) noexcept {
  char *end = nullptr;
  errno = 0;
  const std::uint64_t number = std::strtoull(text, &end, 10);
  const unsigned power = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
  const bool is_size =
      errno == 0 && end != text && *text != '-' && end[power != 0 ? 1 : 0] == '\0' && number >> (63 - power) == 0;
  return is_size ? number << power : 0;
}

} // namespace

settings read_settings() noexcept {
  settings wanted;
  const char *path = std::getenv("COROSCOPE_TRACE");
  if (path == nullptr || *path == '\0')
    return wanted;
  wanted.path = path;
  if (const char *frames = std::getenv("COROSCOPE_TRACE_FRAMES"))
    read_frames(frames, wanted);
  if (const char *ring = std::getenv("COROSCOPE_TRACE_RING"); ring != nullptr && *ring != '\0') {
    wanted.ring_size = read_ring(ring);
    if (wanted.ring_size == 0)
      wanted.mistake = "COROSCOPE_TRACE_RING is no size; write it as 65536, 512K or 16M";
  }
  return wanted;
}

} // namespace coroscope::trace
