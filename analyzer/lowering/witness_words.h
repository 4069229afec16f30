// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens to a value, in words for people who read C++, and where in the coroutine's own source.
//
//   value_event --witness_of_*()--> "n is set" at 12:7
#pragma once

#include "lowering/lowered.h"
#include "lowering/value_events.h"

#include <string>

namespace llvm {
class DebugLoc;
class Instruction;
} // namespace llvm

namespace coroscope::lowering {

/// The place of the coroutine's own code: for inlined code that of the call that was inlined.
std::optional<place> own_place_of(const llvm::DebugLoc &location);

/// `name` is what the value is called, "it" where it has no name.
lowered_witness witness_of_definition(const value_event &event, const std::string &name);
/// `looks_beyond` a phi for the place: what reads the value there may come later than the event.
lowered_witness witness_of_use(const value_event &event, const std::string &name, bool looks_beyond = false);
/// Whether it is inlined code of a constructor that the coroutine runs.
bool is_of_constructor(const llvm::Instruction &instruction);
lowered_witness witness_of_escape(const value_event &event, const std::string &name);

} // namespace coroscope::lowering
