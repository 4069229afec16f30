// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "instrument/moments.h"

#include "instrument/recorder_functions.h"

#include <coroscope/trace.h>

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/PostOrderIterator.h>
#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/IR/CFG.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace coroscope::instrument {
namespace {

/// Instructions since the last event, at most; `far` where there may be more, or none before.
using distance = unsigned;
constexpr distance limit = 32;
constexpr distance far = limit + 1;

constexpr std::uint64_t most_copied = 64; ///< bytes: a few moves between registers and memory

distance cost_of(const llvm::CallBase &call) {
  const auto *intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(&call);
  if (!intrinsic)
    return far;
  if (intrinsic->isAssumeLikeIntrinsic())
    return 0;
  if (const auto *memory = llvm::dyn_cast<llvm::MemIntrinsic>(intrinsic)) {
    const auto *length = llvm::dyn_cast<llvm::ConstantInt>(memory->getLength());
    return length && length->getZExtValue() <= most_copied && !memory->isVolatile() ? 4 : far;
  }
  // Those of floating-point numbers may become calls of the mathematical library.
  return intrinsic->doesNotAccessMemory() && intrinsic->getType()->isIntOrPtrTy() ? 1 : far;
}

distance cost_of(const llvm::Instruction &instruction) {
  if (const auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction))
    return cost_of(*call);
  switch (instruction.getOpcode()) {
  case llvm::Instruction::PHI:
    return 0;
  case llvm::Instruction::UDiv:
  case llvm::Instruction::SDiv:
  case llvm::Instruction::URem:
  case llvm::Instruction::SRem:
  case llvm::Instruction::FDiv:
  case llvm::Instruction::FRem:
    return far;
  default:
    return instruction.isAtomic() || instruction.isVolatile() ? far : 1;
  }
}

/// What is known at a place of the function.
struct knowledge {
  distance since = 0;                   ///< the last event
  const llvm::CallInst *last = nullptr; ///< the last event, if it is the same on all paths
  bool operator==(const knowledge &) const = default;
};

std::uint32_t number_of(const llvm::CallInst &event) {
  const auto *what = llvm::dyn_cast<llvm::ConstantInt>(event.getArgOperand(what_of_event));
  return what ? static_cast<std::uint32_t>(what->getZExtValue()) : 0;
}

bool is_suspension_of(const llvm::CallInst &event, const llvm::Value *frame) {
  return number_of(event) % trace::kind_limit == static_cast<std::uint32_t>(trace::event_kind::suspended) &&
         event.getArgOperand(0)->stripPointerCasts() == frame->stripPointerCasts();
}

class marker {
public:
  explicit marker(llvm::Function &function) : order_(&function) {
    // Distances only grow, up to `far`, and what is not the same on all paths stays so.
    for (bool changed = true; changed;) {
      changed = false;
      for (llvm::BasicBlock *block : order_) {
        knowledge now = at_start_of(*block);
        for (llvm::Instruction &instruction : *block)
          pass(instruction, now);
        const auto [place, is_new] = at_end_.try_emplace(block, now);
        changed |= is_new || std::exchange(place->second, now) != now;
      }
    }
  }

  void run() {
    for (llvm::BasicBlock *block : order_) {
      knowledge now = at_start_of(*block);
      for (llvm::Instruction &instruction : llvm::make_early_inc_range(*block)) {
        const knowledge before = now;
        pass(instruction, now);
        if (auto *call = llvm::dyn_cast<llvm::CallInst>(&instruction); call && before.since < far)
          improve(*call, before);
      }
    }
  }

private:
  [[nodiscard]] knowledge at_start_of(const llvm::BasicBlock &block) const {
    if (block.isEntryBlock())
      return {.since = far};
    std::optional<knowledge> all;
    for (const llvm::BasicBlock *from : llvm::predecessors(&block))
      if (const auto known = at_end_.find(from); known != at_end_.end()) {
        if (!all)
          all = known->second;
        all->since = std::max(all->since, known->second.since);
        if (all->last != known->second.last)
          all->last = nullptr;
      }
    return all.value_or(knowledge{.since = far});
  }

  static void pass(const llvm::Instruction &instruction, knowledge &now) {
    const auto *call = llvm::dyn_cast<llvm::CallInst>(&instruction);
    if (call && is_event(*call))
      now = {.since = 0, .last = call};
    else if (!call || !is_return_of_awaiter(*call))
      now.since = std::min(far, now.since + cost_of(instruction));
  }

  static void improve(llvm::CallInst &call, const knowledge &before) {
    if (is_return_of_awaiter(call) && before.last && is_suspension_of(*before.last, call.getArgOperand(0)))
      call.eraseFromParent(); // there is nothing to return from
    else if (is_event(call) && number_of(call) != 0)
      call.setArgOperand(what_of_event, llvm::ConstantInt::get(call.getArgOperand(what_of_event)->getType(),
                                                               number_of(call) | trace::same_moment));
  }

  llvm::ReversePostOrderTraversal<llvm::Function *> order_;
  llvm::DenseMap<const llvm::BasicBlock *, knowledge> at_end_;
};

} // namespace

void mark_moments(llvm::Module &module) {
  llvm::SmallPtrSet<llvm::Function *, 16> callers;
  for (llvm::User *user : event_function(module).getCallee()->users())
    if (auto *call = llvm::dyn_cast<llvm::CallInst>(user))
      callers.insert(call->getFunction());
  for (llvm::Function *caller : callers)
    marker(*caller).run();
}

} // namespace coroscope::instrument
