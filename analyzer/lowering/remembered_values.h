// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keeps what debug info said of a variable when it left its stack slot: LLVM drops such records where it folds a block
// or replaces a value, even if the value that they named stays.
//
//   after SROA --remember()--> variable -> values -> before the split --restore()--> debug records for what was dropped
#pragma once

#include <llvm/ADT/MapVector.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/DebugLoc.h>
#include <llvm/IR/ValueHandle.h>

#include <map>

namespace llvm {
class DIExpression;
class DILocalVariable;
class Function;
} // namespace llvm

namespace coroscope::lowering {

class remembered_values {
public:
  /// Reads the records of the coroutine's own variables. Run it whenever variables may have left their slots.
  void remember(llvm::Function &coroutine);
  /// Gives the variables that no record knows any more theirs back, if all their values are there still. Adds debug
  /// records and no code.
  void restore(llvm::Function &coroutine);

private:
  struct named_value {
    llvm::WeakTrackingVH value; ///< null once it is gone
    llvm::DIExpression *expression = nullptr;
    llvm::DebugLoc where;
  };
  using variables = llvm::MapVector<llvm::DILocalVariable *, llvm::SmallVector<named_value, 2>>;

  std::map<const llvm::Function *, variables> coroutines_;
};

} // namespace coroscope::lowering
