// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the stack slots are that Clang adds by itself: "exn.slot" -> "exception in flight".
#pragma once

#include <string>

namespace llvm {
class AllocaInst;
class StringRef;
class Value;
} // namespace llvm

namespace coroscope::lowering {

/// By LLVM's name of the slot, or of a value that was once in it; empty for an ordinary temporary.
std::string slot_words(llvm::StringRef name);

/// Whether it is, or was in, a slot in which Clang notes that something is to be cleaned up.
bool is_flag(const llvm::Value &value);

/// What is done where a flag is set.
struct guarded {
  llvm::AllocaInst *object = nullptr; ///< that it is done to; null where `words` say that too
  std::string words;                  ///< "is still to be destroyed"; empty where it is not seen
};

guarded guarded_by(llvm::Value &flag);

} // namespace coroscope::lowering
