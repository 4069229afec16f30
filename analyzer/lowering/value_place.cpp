// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/value_place.h"

#include "lowering/place.h"

#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>

namespace coroscope::lowering {
namespace {

/// How many calls deep the code was written that made a slot. The inliner marks what it brings in, a call a mark:
/// 1 for "ref.tmp.i", 2 for "agg.tmp.i.i12".
unsigned inlined_depth(llvm::StringRef name) {
  unsigned depth = 0;
  for (llvm::StringRef rest = name.split('.').second; !rest.empty(); rest = rest.split('.').second)
    if (rest.starts_with("i") &&
        rest.split('.').first.drop_front().find_first_not_of("0123456789") == llvm::StringRef::npos)
      ++depth;
  return depth;
}

/// The place `depth` calls deep that brought `location` about; 0 is the coroutine itself.
llvm::DebugLoc at_depth(const llvm::DebugLoc &location, unsigned depth) {
  unsigned calls = 0;
  for (const llvm::DILocation *at = location; at->getInlinedAt(); at = at->getInlinedAt())
    ++calls;
  const llvm::DILocation *at = location;
  for (; calls > depth; --calls)
    at = at->getInlinedAt();
  return at;
}

bool is_before(const llvm::Instruction &one, const llvm::Instruction &other) {
  if (one.getParent() == other.getParent())
    return one.comesBefore(&other);
  return one.getParent()->getNumber() < other.getParent()->getNumber();
}

/// A phi has no place of its own; what it joins does: the expression of the coroutine that made it.
llvm::DebugLoc joined_at(const llvm::PHINode &phi, unsigned most_phis = 3) {
  const unsigned depth = inlined_depth(phi.getName());
  for (const llvm::Value *incoming : phi.incoming_values()) {
    const auto *made = llvm::dyn_cast<llvm::Instruction>(incoming);
    const auto *inner = llvm::dyn_cast_if_present<llvm::PHINode>(made);
    llvm::DebugLoc location = made ? made->getDebugLoc() : llvm::DebugLoc();
    if (inner && !place_of(location) && most_phis != 0)
      location = joined_at(*inner, most_phis - 1);
    if (location)
      location = at_depth(location, depth);
    if (place_of(location))
      return location;
  }
  return {};
}

} // namespace

llvm::DebugLoc first_use(const llvm::Value &value) {
  const unsigned depth = inlined_depth(value.getName());
  const llvm::Instruction *first = nullptr;
  for (const llvm::User *user : value.users()) {
    const auto *instruction = llvm::dyn_cast<llvm::Instruction>(user);
    if (!instruction || !instruction->getDebugLoc() || instruction->getDebugLoc().getLine() == 0)
      continue;
    const auto *intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(instruction);
    // The inliner may begin the life of a slot that it brings in where the function begins.
    if (depth != 0 && intrinsic && intrinsic->isLifetimeStartOrEnd())
      continue;
    const bool starts = intrinsic && intrinsic->getIntrinsicID() == llvm::Intrinsic::lifetime_start;
    if (starts || !first || is_before(*instruction, *first))
      first = instruction;
    if (starts)
      break;
  }
  if (!first)
    return {};
  return at_depth(first->getDebugLoc(), depth);
}

llvm::DebugLoc location_of(const llvm::Value &value) {
  const auto *instruction = llvm::dyn_cast<llvm::Instruction>(&value);
  if (!instruction)
    return {};
  if (const auto *phi = llvm::dyn_cast<llvm::PHINode>(instruction); phi && !place_of(phi->getDebugLoc()))
    return joined_at(*phi);
  return llvm::isa<llvm::AllocaInst>(value) ? first_use(value) : instruction->getDebugLoc();
}

} // namespace coroscope::lowering
