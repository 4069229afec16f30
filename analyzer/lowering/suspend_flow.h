// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which suspends lie between the making of a value and what still needs it. The equations are those of LLVM's
// SuspendCrossingInfo, solved for one value at a time along its life alone, which keeps the best witness of each end.
//
//   events of a value --suspend_flow--> for each suspend it lives across: what made it, what needs it
#pragma once

#include "lowering/value_events.h"

#include <llvm/ADT/DenseMap.h>

#include <optional>
#include <vector>

namespace llvm {
class BasicBlock;
class Function;
} // namespace llvm

namespace coroscope::lowering {

/// A suspend that a value lives across. The pointers lead into the events that were asked about.
struct crossing {
  unsigned ordinal = 0;
  const value_event *definition = nullptr; ///< that reaches the suspend; null: of a slot whose life has no marks
  const value_event *need = nullptr;       ///< that is reached from it; null: none but who has the address
  const value_event *escape = nullptr;     ///< that reaches the suspend
  bool repeats = false;                    ///< a way leads from where the value's life begins to there and back again
};

class suspend_flow {
public:
  explicit suspend_flow(const llvm::Function &coroutine);

  /// Ascending ordinals.
  std::vector<crossing> crossings_of(const std::vector<value_event> &events);

  /// For a slot that nothing needs across a suspend and that the split may keep all the same: between two of its lives
  /// where its address escapes, which must be the same in each; where a way leads from a begin past all ends, as
  /// exceptions may; where its life has no marks, between any two events.
  std::vector<crossing> careful_crossings_of(const std::vector<value_event> &events) const;

  /// Says of each of the slot's `crossings` whether it repeats.
  void find_loops(const std::vector<value_event> &events, std::vector<crossing> &crossings) const;

  /// Of every suspend, ascending.
  [[nodiscard]] std::vector<unsigned> ordinals() const;

  /// The first suspend that can follow `at`, by source order of the ordinals.
  std::optional<unsigned> suspend_after(const llvm::Instruction &at) const;

  /// Whether `first` stands before `second` in the function's order of instructions.
  [[nodiscard]] bool comes_before(const llvm::Instruction &first, const llvm::Instruction &second) const;

private:
  struct stop {
    unsigned ordinal;
    unsigned block;
    unsigned order;
  };
  struct before {
    int definition = -1;
    int escape = -1;
    bool operator==(const before &) const = default;
  };

  [[nodiscard]] std::vector<bool> stops_reached(const std::vector<const value_event *> &from, bool backwards,
                                                const std::vector<const value_event *> &barriers = {}) const;
  void sort_into_blocks();
  void forget();
  void flow_back();
  void flow_on();
  int back_through(unsigned block, int later, unsigned down_to) const;
  before on_through(unsigned block, before state, unsigned up_to) const;
  bool merge(before from, before &into) const;
  [[nodiscard]] int later_of(unsigned block) const;
  [[nodiscard]] int nearer(int one, int other) const;
  [[nodiscard]] bool is_within_a_block_without_suspend() const;
  [[nodiscard]] int rank_of(int event) const;

  llvm::DenseMap<const llvm::BasicBlock *, unsigned> numbers_;
  llvm::DenseMap<const llvm::Instruction *, unsigned> orders_;
  std::vector<std::vector<unsigned>> before_, after_; ///< predecessors and successors of each block
  std::vector<unsigned> last_order_;                  ///< of each block
  std::vector<unsigned> end_order_;                   ///< of a block's coro.end, behind which the split's code is over
  std::vector<bool> suspends_;                        ///< in this block
  std::vector<stop> stops_;

  // Of the value that is being asked about.
  const std::vector<value_event> *events_ = nullptr;
  std::vector<unsigned> order_of_, block_of_;
  std::vector<int> rank_;
  std::vector<std::vector<int>> in_block_; ///< events of each block, in order
  std::vector<int> needed_;                ///< at each block's start: the event that needs the value; -1: none
  std::vector<before> known_;              ///< at each block's start
  std::vector<unsigned> touched_, reached_, settled_;
  bool has_marks_ = false; ///< its life has a begin and an end
};

} // namespace coroscope::lowering
