// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libFuzzer's target: a recording may be damaged or no recording at all. It is read or refused, whole and as it grows,
// and what was read can be shown in every form.
#include "account/history.h"
#include "account/summary.h"
#include "recording.h"
#include "render/chrome_trace.h"
#include "render/json.h"
#include "render/trace_summary.h"
#include "render/trace_text.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using namespace coroscope;

namespace {

/// A file in memory, rewritten for each input.
class memory_file {
public:
  memory_file() : descriptor_(memfd_create("recording", MFD_CLOEXEC)) {
    if (descriptor_ < 0)
      std::abort();
  }
  std::string with(const std::uint8_t *data, std::size_t size) const {
    if (ftruncate(descriptor_, 0) != 0 || pwrite(descriptor_, data, size, 0) != static_cast<ssize_t>(size))
      std::abort();
    return "/proc/self/fd/" + std::to_string(descriptor_);
  }

private:
  int descriptor_;
};

void show(traced_run run) {
  (void)render::trace_text(run);
  (void)render::chrome_trace(run, histories(run));
  const auto sums = summarise(run);
  (void)render::coroutine_summary_text(run, sums);
  (void)render::point_summary_text(run, sums);
  report whole;
  join_run(std::move(run), whole);
  if (!render::read_json(render::json(whole, false)))
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  static const memory_file file;
  const std::string path = file.with(data, size);
  auto run = read_run(path);
  if (!run && run.error().empty())
    std::abort();
  growing_run growing(path);
  for (const bool is_last : {false, true})
    if (const auto read = growing.read_on(is_last); read && run && (*read)->events.size() > size)
      std::abort();
  if (run)
    show(*std::move(run));
  return 0;
}
