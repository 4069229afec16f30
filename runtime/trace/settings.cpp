// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "settings.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace coroscope::trace {
namespace {

constexpr std::uint64_t largest_frame = 1024 * 1024; ///< more of a frame is never recorded

/// BYTES, of which K, M and G are multiples, and what stands behind it; no number for what is no size.
bool read_size(const char *text, std::uint64_t &size, const char *&rest) noexcept {
  char *end = nullptr;
  errno = 0;
  const std::uint64_t number = std::strtoull(text, &end, 10);
  const unsigned power = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
  rest = end + (power != 0 ? 1 : 0);
  size = number << power;
  return errno == 0 && *text >= '0' && *text <= '9' && number >> (63 - power) == 0;
}

/// LIMIT:BUDGET; without a budget frames may take what there is.
bool read_frames(const char *text, settings &wanted) noexcept {
  std::uint64_t limit = 0;
  std::uint64_t budget = INT64_MAX;
  const char *rest = nullptr;
  if (!read_size(text, limit, rest) || (*rest == ':' && !read_size(rest + 1, budget, rest)) || *rest != '\0')
    return false;
  wanted.frame_limit = std::min(limit, largest_frame);
  wanted.frame_budget = static_cast<std::int64_t>(budget);
  return true;
}

bool read_ring(const char *text, settings &wanted) noexcept {
  const char *rest = nullptr;
  return read_size(text, wanted.ring_size, rest) && *rest == '\0' && wanted.ring_size != 0;
}

} // namespace

settings read_settings() noexcept {
  settings wanted;
  const char *path = std::getenv("COROSCOPE_TRACE");
  if (path == nullptr || *path == '\0')
    return wanted;
  wanted.path = path;
  wanted.keeps_others = std::getenv("COROSCOPE_TRACE_KEEP") != nullptr;
  if (const char *frames = std::getenv("COROSCOPE_TRACE_FRAMES"))
    if (*frames != '\0' && !read_frames(frames, wanted))
      wanted.mistake = "COROSCOPE_TRACE_FRAMES is no size; write it as 4096, 4K or, with a budget for all, 4K:64M";
  if (const char *ring = std::getenv("COROSCOPE_TRACE_RING"))
    if (*ring != '\0' && !read_ring(ring, wanted))
      wanted.mistake = "COROSCOPE_TRACE_RING is no size; write it as 65536, 512K or 16M";
  return wanted;
}

} // namespace coroscope::trace
