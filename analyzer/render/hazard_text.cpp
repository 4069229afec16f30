// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/hazard_text.h"

#include "render/phrases.h"

namespace coroscope::render {

std::string hazards_text(const report &report, coroutine_id coroutine) {
  std::string text;
  for (const hazard &one : report.hazards) {
    if (one.coroutine != coroutine)
      continue;
    text += (text.empty() ? "\n" : "") + at(report, one.where, true) + ": warning: " + one.message + " [" + one.name +
            "]\n";
    for (const witness &witness : one.because)
      text += (witness.place ? at(report, *witness.place, true) + ": " : "") + "note: " + witness.what + "\n";
  }
  return text;
}

} // namespace coroscope::render
