// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the stack slots are that Clang adds by itself: "exn.slot" -> "exception in flight".
#pragma once

#include <string>

namespace llvm {
class AllocaInst;
class StringRef;
} // namespace llvm

namespace coroscope::lowering {

/// By LLVM's name of the slot, or of a value that was once in it; empty for an ordinary temporary.
std::string slot_words(llvm::StringRef name);

/// The object that is destroyed where `flag` is set; null where `flag` is no such flag, or the object is not seen.
llvm::AllocaInst *guarded_by(llvm::AllocaInst &flag);

} // namespace coroscope::lowering
