// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See tag.h. A tag is a metadata node (ordinal, rank, symbol of the await_suspend that the wrapper calls); the symbol
// is read when tagging because the wrapper's body is optimised later.
#include "lowering/tag.h"

#include "lowering/place.h"

#include <llvm/IR/Constants.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Metadata.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>

#include <algorithm>
#include <numeric>

namespace coroscope::lowering {
namespace {

constexpr const char *tag_name = "coroscope.point";
constexpr llvm::StringLiteral wrapper_mark = ".__await_suspend_wrapper__";

/// The wrapper calls coroutine_handle's members first and await_suspend last; the name is part of the symbol.
std::string await_suspend_called_by(const llvm::Function &wrapper) {
  std::string found;
  for (const llvm::Instruction &instruction : llvm::instructions(wrapper))
    if (const auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction))
      if (const llvm::Function *callee = call->getCalledFunction();
          callee && callee->getName().contains("await_suspend"))
        found = callee->getName().str();
  return found;
}

suspend_kind kind_of(const llvm::CoroAwaitSuspendInst *await, const llvm::CoroSuspendInst &suspend) {
  if (suspend.isFinal())
    return suspend_kind::final;
  if (!await)
    return suspend_kind::await;
  const llvm::StringRef name = await->getWrapperFunction()->getName();
  const llvm::StringRef kind = name.substr(name.find(wrapper_mark) + wrapper_mark.size());
  if (kind.starts_with("init"))
    return suspend_kind::initial;
  if (kind.starts_with("final"))
    return suspend_kind::final;
  return kind.starts_with("yield") ? suspend_kind::yield : suspend_kind::await;
}

/// The instructions of one suspend: the awaiter's call stands between the save and the suspend that uses the save.
struct suspend_group {
  llvm::CoroSaveInst *save = nullptr;
  llvm::CoroAwaitSuspendInst *await = nullptr;
  llvm::CoroSuspendInst *suspend = nullptr;
};

void final_last(auto &sequence, auto is_final) {
  if (const auto last = std::ranges::find_if(sequence, is_final); last != sequence.end())
    std::rotate(last, std::next(last), sequence.end());
}

/// Groups in instruction order. An await_suspend call belongs to the last save before it.
std::vector<suspend_group> groups_of(llvm::Function &function) {
  std::vector<suspend_group> groups;
  for (llvm::Instruction &instruction : llvm::instructions(function)) {
    if (auto *save = llvm::dyn_cast<llvm::CoroSaveInst>(&instruction))
      groups.push_back({.save = save});
    else if (auto *await = llvm::dyn_cast<llvm::CoroAwaitSuspendInst>(&instruction)) {
      if (!groups.empty() && !groups.back().await)
        groups.back().await = await;
    } else if (auto *suspend = llvm::dyn_cast<llvm::CoroSuspendInst>(&instruction)) {
      const auto group = std::ranges::find(groups, suspend->getCoroSave(), &suspend_group::save);
      if (group != groups.end())
        group->suspend = suspend;
    }
  }
  std::erase_if(groups, [](const suspend_group &group) { return !group.suspend; });
  final_last(groups, [](const suspend_group &group) { return group.suspend->isFinal(); });
  return groups;
}

/// For each group its place in source order: awaits are evaluated inside out but read from left to right.
std::vector<unsigned> ranks_of(const std::vector<suspend_group> &groups) {
  std::vector<unsigned> order(groups.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto key = [&](unsigned ordinal) {
    const suspend_kind kind = kind_of(groups[ordinal].await, *groups[ordinal].suspend);
    const llvm::DebugLoc &location = groups[ordinal].suspend->getDebugLoc();
    const int group = kind == suspend_kind::initial ? 0 : kind == suspend_kind::final ? 2 : 1;
    return std::tuple(group, location ? location.getLine() : 0u, location ? location.getCol() : 0u, ordinal);
  };
  std::ranges::sort(order, {}, key);
  std::vector<unsigned> ranks(groups.size());
  for (unsigned rank = 0; rank < order.size(); ++rank)
    ranks[order[rank]] = rank;
  return ranks;
}

void tag(llvm::Instruction *instruction, unsigned ordinal, unsigned rank, llvm::StringRef await_suspend) {
  if (!instruction)
    return;
  llvm::LLVMContext &context = instruction->getContext();
  const auto number = [&](unsigned value) {
    return llvm::ConstantAsMetadata::get(llvm::ConstantInt::get(llvm::Type::getInt32Ty(context), value));
  };
  llvm::Metadata *parts[] = {number(ordinal), number(rank), llvm::MDString::get(context, await_suspend)};
  instruction->setMetadata(tag_name, llvm::MDNode::get(context, parts));
}

unsigned number_in(const llvm::MDNode &tag, unsigned operand) {
  return static_cast<unsigned>(llvm::mdconst::extract<llvm::ConstantInt>(tag.getOperand(operand))->getZExtValue());
}

lowered_suspend describe(const llvm::CoroSuspendInst &suspend, const llvm::CoroAwaitSuspendInst *await,
                         unsigned ordinal) {
  lowered_suspend point{.ordinal = ordinal, .kind = kind_of(await, suspend)};
  const llvm::MDNode &tag = *suspend.getMetadata(tag_name);
  point.rank = number_in(tag, 1);
  point.await_suspend = llvm::cast<llvm::MDString>(tag.getOperand(2))->getString().str();
  point.where = place_of(suspend.getDebugLoc());
  return point;
}

} // namespace

void tag_suspends(llvm::Module &module) {
  for (llvm::Function &function : module) {
    if (!function.isPresplitCoroutine())
      continue;
    const std::vector<suspend_group> groups = groups_of(function);
    const std::vector<unsigned> ranks = ranks_of(groups);
    for (unsigned ordinal = 0; ordinal < groups.size(); ++ordinal) {
      const suspend_group &group = groups[ordinal];
      const std::string callee = group.await ? await_suspend_called_by(*group.await->getWrapperFunction()) : "";
      for (llvm::Instruction *instruction :
           {static_cast<llvm::Instruction *>(group.save), static_cast<llvm::Instruction *>(group.await),
            static_cast<llvm::Instruction *>(group.suspend)})
        tag(instruction, ordinal, ranks[ordinal], callee);
    }
  }
}

std::optional<unsigned> ordinal_of(const llvm::Instruction &instruction) {
  const llvm::MDNode *node = instruction.getMetadata(tag_name);
  return node ? std::optional(number_in(*node, 0)) : std::nullopt;
}

std::vector<lowered_suspend> read_suspends(const llvm::Function &coroutine) {
  std::vector<const llvm::CoroSuspendInst *> suspends;
  std::vector<const llvm::CoroAwaitSuspendInst *> awaits;
  for (const llvm::Instruction &instruction : llvm::instructions(coroutine)) {
    if (const auto *suspend = llvm::dyn_cast<llvm::CoroSuspendInst>(&instruction))
      suspends.push_back(suspend);
    else if (const auto *await = llvm::dyn_cast<llvm::CoroAwaitSuspendInst>(&instruction))
      awaits.push_back(await);
  }
  // CoroSplit numbers the suspends in this order, the final one last.
  final_last(suspends, [](const llvm::CoroSuspendInst *suspend) { return suspend->isFinal(); });

  std::vector<lowered_suspend> points;
  for (std::uint32_t index = 0; index < suspends.size(); ++index) {
    const std::optional<unsigned> ordinal = ordinal_of(*suspends[index]);
    if (!ordinal)
      continue;
    const auto known = std::ranges::find(points, *ordinal, &lowered_suspend::ordinal);
    if (known != points.end()) {
      known->indices.push_back(index);
      continue;
    }
    const auto await = std::ranges::find_if(
        awaits, [&](const llvm::CoroAwaitSuspendInst *candidate) { return ordinal_of(*candidate) == ordinal; });
    points.push_back(describe(*suspends[index], await == awaits.end() ? nullptr : *await, *ordinal));
    points.back().indices.push_back(index);
  }
  std::ranges::sort(points, {}, &lowered_suspend::ordinal);
  return points;
}

} // namespace coroscope::lowering
