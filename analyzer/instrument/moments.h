// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which events are of the same moment as the event before them, so that the recorder need not read its clock.
//
//   optimised function with calls of the recorder --mark_moments()--> the same, `what` of some calls marked
#pragma once

namespace llvm {
class Module;
} // namespace llvm

namespace coroscope::instrument {

/// Marks the events that on each path the program reaches within a few instructions from an event before, none of them
/// a call nor one that another thread's doings could be seen by: in less time than reading the clock takes. Takes away
/// the calls of coroscope_trace_returned that have nothing to tell.
void mark_moments(llvm::Module &module);

} // namespace coroscope::instrument
