// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libFuzzer's target: a report's JSON may come from anywhere. It is read or refused, and what was read can be written.
#include "render/json.h"
#include "render/text.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const auto report = coroscope::render::read_json({reinterpret_cast<const char *>(data), size});
  if (!report)
    return report.error().empty() ? (std::abort(), 0) : 0;
  (void)coroscope::render::text(*report);
  if (!coroscope::render::read_json(coroscope::render::json(*report, false)))
    std::abort();
  return 0;
}
