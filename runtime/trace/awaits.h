// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who made whom go on, and who waited for whom, as far as the order of the events and the bytes of frames tell.
//
//   recorded_run::events --find_awaits()--> recorded_event::by and resumer, recorded_run::awaits
#pragma once

#include "reader.h"

namespace coroscope::trace {

void find_awaits(recorded_run &run);

} // namespace coroscope::trace
