// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where in a coroutine's IR its events are reported from.
//
//   coroutine before CoroSplit --insert_events()--> the same with calls of coroscope_trace_event
#pragma once

#include <cstdint>

namespace llvm {
class Function;
class GlobalVariable;
class Module;
} // namespace llvm

namespace coroscope::instrument {

/// Inserts the calls into a coroutine whose suspends are tagged and that is not split yet. `unit` is what the calls
/// name as their unit, `index` the coroutine's place in the unit's table. Size and layout of the frame stay what they
/// were.
void insert_events(llvm::Function &coroutine, llvm::GlobalVariable &unit, std::uint32_t index);

/// Marks in the coroutines that are not split yet where the promise is told of an exception, before its function is
/// inlined. Run it where the pipeline starts; without it no `threw` is reported.
void mark_exceptions(llvm::Module &module);

} // namespace coroscope::instrument
