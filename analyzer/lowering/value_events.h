// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens to one value of a coroutine before it is split, instruction by instruction.
//
//   stack slot or SSA value --events_of()--> set here, read there, its address goes to that call …
#pragma once

#include <cstddef>
#include <vector>

namespace llvm {
class Instruction;
class Use;
class Value;
} // namespace llvm

namespace coroscope::lowering {

enum class effect {
  begins,  ///< of a stack slot's life (lifetime.start)
  sets,    ///< all of it
  changes, ///< a part of it
  reads,
  calls,    ///< hands the address to a function, which may read and change it
  destroys, ///< runs its destructor
  ends      ///< of a stack slot's life (lifetime.end)
};

struct value_event {
  effect what = effect::reads;
  const llvm::Instruction *at = nullptr; ///< null: where the function starts
  /// The operand by which `at` has the value or its address; null where `at` makes the value.
  const llvm::Use *through = nullptr;
  /// Of a phi: what is done with the value is done on the way from this operand's block.
  bool is_on_edge = false;
  /// `through` is the value or the slot's address itself, not something computed from it.
  bool is_itself = false;
  bool escapes = false; ///< from here on somebody else may have the address
};

/// Every event of `value`, an argument or instruction, in no order. Of an SSA value that the split computes anew where
/// it is needed (coro::isTriviallyMaterializable), the uses count as uses of its operands. The same phi may stand there
/// several times.
std::vector<value_event> events_of(const llvm::Value &value);

/// Whether the split computes the value anew behind a suspend instead of keeping it.
bool is_computed_anew(const llvm::Value &value);

} // namespace coroscope::lowering
