// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/remembered_values.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/DebugProgramInstruction.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>

#include <optional>

namespace coroscope::lowering {
namespace {

/// A value that the optimiser may yet forget: slots keep their records.
bool is_value_record(const llvm::DbgVariableRecord &record) {
  return record.isDbgValue() && !record.isKillLocation() && record.getNumVariableLocationOps() == 1 &&
         !record.getDebugLoc().getInlinedAt();
}

/// Where the value is first there; no place for what a catchswitch makes.
std::optional<llvm::BasicBlock::iterator> behind(llvm::Value &value, llvm::Function &coroutine) {
  if (auto *instruction = llvm::dyn_cast<llvm::Instruction>(&value))
    return instruction->getInsertionPointAfterDef();
  return coroutine.getEntryBlock().getFirstInsertionPt();
}

} // namespace

void remembered_values::remember(llvm::Function &coroutine) {
  variables &known = coroutines_[&coroutine];
  for (llvm::Instruction &instruction : llvm::instructions(coroutine))
    for (llvm::DbgVariableRecord &record : llvm::filterDbgVars(instruction.getDbgRecordRange())) {
      if (!is_value_record(record))
        continue;
      llvm::Value *value = record.getVariableLocationOp(0);
      auto &values = known[record.getVariable()];
      if (llvm::none_of(values, [&](const named_value &named) {
            return named.value == value && named.expression == record.getExpression();
          }))
        values.push_back({value, record.getExpression(), record.getDebugLoc()});
    }
}

void remembered_values::restore(llvm::Function &coroutine) {
  const auto remembered = coroutines_.find(&coroutine);
  if (remembered == coroutines_.end())
    return;
  llvm::SmallPtrSet<const llvm::DILocalVariable *, 16> described;
  for (llvm::Instruction &instruction : llvm::instructions(coroutine))
    for (llvm::DbgVariableRecord &record : llvm::filterDbgVars(instruction.getDbgRecordRange()))
      if (!record.isKillLocation() && !record.getDebugLoc().getInlinedAt())
        described.insert(record.getVariable());
  for (const auto &[variable, values] : remembered->second) {
    const bool all_are_there = llvm::all_of(values, [](const named_value &named) { return named.value; });
    if (described.contains(variable) || !all_are_there)
      continue;
    for (const named_value &named : values)
      if (const auto at = behind(*named.value, coroutine); at && !llvm::isa<llvm::UndefValue>(named.value))
        (*at)->getParent()->insertDbgRecordBefore(
            llvm::DbgVariableRecord::createDbgVariableRecord(named.value, variable, named.expression, named.where),
            *at);
  }
  coroutines_.erase(remembered);
}

} // namespace coroscope::lowering
