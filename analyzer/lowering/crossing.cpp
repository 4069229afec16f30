// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// CoroSplit first brings a coroutine into a normal form; the same is done here to a copy that is thrown away.
#include "lowering/crossing.h"

#include "lowering/tag.h"

#include <llvm/Analysis/TargetTransformInfo.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Coroutines/ABI.h>
#include <llvm/Transforms/Coroutines/CoroShape.h>
#include <llvm/Transforms/Coroutines/MaterializationUtils.h>
#include <llvm/Transforms/Coroutines/SuspendCrossingInfo.h>
#include <llvm/Transforms/Utils/Cloning.h>

#include <algorithm>
#include <set>

namespace llvm::coro {
// Exported by LLVM; its header is private.
void normalizeCoroutine(Function &, coro::Shape &, TargetTransformInfo &); // NOLINT(readability-identifier-naming)
} // namespace llvm::coro

namespace coroscope::lowering {
namespace {

using crossings = std::map<std::string, std::vector<unsigned>, std::less<>>;

/// Where a stack slot's object begins and ends to live, and where it is used, through any address computed from it.
struct slot_uses {
  std::set<llvm::BasicBlock *> begins;
  std::set<llvm::BasicBlock *> ends;
  std::set<llvm::BasicBlock *> uses;
  bool escapes = false; ///< somebody else may have the address
};

/// Whether the use hands the address on: as a stored value or to a function.
bool lets_escape(const llvm::Use &use) {
  if (const auto *store = llvm::dyn_cast<llvm::StoreInst>(use.getUser()))
    return use.get() == store->getValueOperand();
  return llvm::isa<llvm::CallBase>(use.getUser()) && !llvm::isa<llvm::MemIntrinsic>(use.getUser());
}

void collect_uses(llvm::Value &address, slot_uses &found, std::set<llvm::Value *> &seen) {
  if (!seen.insert(&address).second)
    return;
  for (const llvm::Use &use : address.uses()) {
    auto *instruction = llvm::dyn_cast<llvm::Instruction>(use.getUser());
    if (!instruction)
      continue;
    const auto *intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(instruction);
    if (intrinsic && intrinsic->isLifetimeStartOrEnd()) {
      const bool starts = intrinsic->getIntrinsicID() == llvm::Intrinsic::lifetime_start;
      (starts ? found.begins : found.ends).insert(instruction->getParent());
      continue;
    }
    found.uses.insert(instruction->getParent());
    found.escapes = found.escapes || lets_escape(use);
    if (llvm::isa<llvm::GetElementPtrInst, llvm::PHINode, llvm::SelectInst>(instruction))
      collect_uses(*instruction, found, seen);
  }
}

bool lives_across(llvm::AllocaInst &slot, const llvm::SuspendCrossingInfo &suspend) {
  slot_uses found;
  std::set<llvm::Value *> seen;
  collect_uses(slot, found, seen);
  // Without markers the object may live from any use on.
  const std::set<llvm::BasicBlock *> &begins = found.begins.empty() ? found.uses : found.begins;
  // Who has the address may use the object as long as it lives.
  if (found.escapes)
    found.uses.insert(found.ends.begin(), found.ends.end());
  for (llvm::BasicBlock *begin : begins)
    for (llvm::BasicBlock *use : found.uses)
      if (suspend.hasPathOrLoopCrossingSuspendPoint(begin, use))
        return true;
  return false;
}

bool lives_across(llvm::Value &value, const llvm::SuspendCrossingInfo &suspend) {
  if (auto *slot = llvm::dyn_cast<llvm::AllocaInst>(&value))
    return lives_across(*slot, suspend);
  return std::ranges::any_of(value.users(), [&](llvm::User *user) {
    return llvm::isa<llvm::Instruction>(user) && suspend.isDefinitionAcrossSuspend(value, user);
  });
}

/// Values that a frame could hold: all with a name but the handles of the coroutine itself.
std::vector<llvm::Value *> candidates(llvm::Function &function, const llvm::coro::Shape &shape) {
  std::vector<llvm::Value *> values;
  for (llvm::Argument &argument : function.args())
    values.push_back(&argument);
  for (llvm::Instruction &instruction : llvm::instructions(function))
    if (instruction.hasName() && &instruction != shape.CoroBegin && !instruction.getType()->isTokenTy())
      values.push_back(&instruction);
  return values;
}

void ask(llvm::Function &copy, crossings &found) {
  llvm::coro::Shape shape(copy);
  if (!shape.CoroBegin)
    return;
  llvm::coro::SwitchABI(copy, shape, llvm::coro::isTriviallyMaterializable).init();
  llvm::TargetTransformInfo target(copy.getDataLayout());
  llvm::coro::normalizeCoroutine(copy, shape, target);
  const std::vector<llvm::Value *> values = candidates(copy, shape);
  const llvm::AllocaInst *promise = shape.getPromiseAlloca();
  for (llvm::AnyCoroSuspendInst *suspend : shape.CoroSuspends) {
    const std::optional<unsigned> ordinal = ordinal_of(*suspend);
    if (!ordinal)
      continue;
    const llvm::SuspendCrossingInfo one(copy, llvm::SmallVector<llvm::AnyCoroSuspendInst *, 4>{suspend},
                                        shape.CoroEnds);
    for (llvm::Value *value : values)
      if (value == promise || lives_across(*value, one))
        found[value->getName().str()].push_back(*ordinal);
  }
}

} // namespace

crossings find_crossings(llvm::Function &coroutine) {
  crossings found;
  llvm::ValueToValueMapTy map;
  llvm::Function *copy = llvm::CloneFunction(&coroutine, map);
  ask(*copy, found);
  copy->eraseFromParent();
  for (auto &[name, ordinals] : found) {
    std::ranges::sort(ordinals);
    const auto [first, last] = std::ranges::unique(ordinals);
    ordinals.erase(first, last);
  }
  return found;
}

} // namespace coroscope::lowering
