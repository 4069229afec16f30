// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/bindings.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/DebugProgramInstruction.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>

#include <optional>
#include <set>
#include <vector>

namespace coroscope::lowering {
namespace {

/// std::get of a tuple hands its argument through five functions.
constexpr unsigned max_calls = 16;

/// A pointer that is `offset` bytes behind `base`.
struct pointer {
  llvm::Value *base = nullptr;
  std::uint64_t offset = 0;
  bool is_through_unnamed = false; ///< it was kept in a slot without a name, as the reference in `auto &&[x, y]` is
};

/// What gives the slot the value that it holds at all times; null where it is set twice or by others.
llvm::StoreInst *only_store_to(llvm::AllocaInst &slot) {
  llvm::StoreInst *only = nullptr;
  for (llvm::User *user : slot.users()) {
    auto *store = llvm::dyn_cast<llvm::StoreInst>(user);
    if (store && (only || store->getValueOperand() == &slot))
      return nullptr;
    if (store)
      only = store;
    else if (auto *instruction = llvm::dyn_cast<llvm::Instruction>(user);
             !llvm::isa<llvm::LoadInst>(user) && !instruction->isLifetimeStartOrEnd())
      return nullptr;
  }
  return only;
}

llvm::Value *only_value_in(llvm::AllocaInst &slot) {
  llvm::StoreInst *store = only_store_to(slot);
  return store ? store->getValueOperand() : nullptr;
}

llvm::Value *returned_by(llvm::Function &function) {
  llvm::Value *value = nullptr;
  for (llvm::BasicBlock &block : function)
    if (auto *result = llvm::dyn_cast<llvm::ReturnInst>(block.getTerminator())) {
      if (value)
        return nullptr;
      value = result->getReturnValue();
    }
  return value;
}

/// Where `value` comes from, through members, slots and functions that return a part of what they are given; an
/// alloca or an argument, or null where that is not seen.
pointer origin_of(llvm::Value &value, unsigned calls = 0) {
  pointer at{.base = &value};
  while (at.base && !llvm::isa<llvm::AllocaInst, llvm::Argument>(at.base)) {
    llvm::Value &here = *at.base;
    at.base = nullptr;
    if (auto *gep = llvm::dyn_cast<llvm::GetElementPtrInst>(&here)) {
      const llvm::DataLayout &layout = gep->getDataLayout();
      llvm::APInt offset(layout.getIndexTypeSizeInBits(gep->getType()), 0);
      if (!gep->accumulateConstantOffset(layout, offset) || offset.isNegative())
        return {};
      at = {gep->getPointerOperand(), at.offset + offset.getZExtValue(), at.is_through_unnamed};
    } else if (auto *load = llvm::dyn_cast<llvm::LoadInst>(&here)) {
      if (auto *slot = llvm::dyn_cast<llvm::AllocaInst>(load->getPointerOperand()))
        at = {only_value_in(*slot), at.offset, at.is_through_unnamed || !slot->hasName()};
    } else if (auto *call = llvm::dyn_cast<llvm::CallBase>(&here); call && calls < max_calls) {
      llvm::Function *callee = call->getCalledFunction();
      llvm::Value *result =
          callee && !callee->isInterposable() && !callee->isDeclaration() ? returned_by(*callee) : nullptr;
      const pointer inside = result && result->getType()->isPointerTy() ? origin_of(*result, calls + 1) : pointer{};
      if (const auto *argument = llvm::dyn_cast_if_present<llvm::Argument>(inside.base))
        at = {call->getArgOperand(argument->getArgNo()), at.offset + inside.offset, at.is_through_unnamed};
    }
  }
  return at;
}

const llvm::DIDerivedType *reference_type(const llvm::DILocalVariable &variable) {
  const auto *type = llvm::dyn_cast_if_present<llvm::DIDerivedType>(variable.getType());
  const bool is_reference = type && (type->getTag() == llvm::dwarf::DW_TAG_reference_type ||
                                     type->getTag() == llvm::dwarf::DW_TAG_rvalue_reference_type);
  return is_reference ? type : nullptr;
}

/// The slot of a reference that the coroutine itself declares here; null for any other record.
llvm::AllocaInst *reference_slot(const llvm::DbgVariableRecord &record) {
  if (record.getDebugLoc().getInlinedAt() || record.getVariable()->getArg() != 0 ||
      record.getExpression()->getNumElements() != 0 || !reference_type(*record.getVariable()))
    return nullptr;
  llvm::Value *address = record.isDbgAssign()    ? record.getAddress()
                         : record.isDbgDeclare() ? record.getVariableLocationOp(0)
                                                 : nullptr;
  return llvm::dyn_cast_if_present<llvm::AllocaInst>(address);
}

/// `where` is the place of the name, which assignment tracking has taken from the record by now.
void declare_part(llvm::DbgVariableRecord &record, llvm::AllocaInst &object, std::uint64_t offset,
                  const llvm::DebugLoc &where) {
  const llvm::DILocalVariable *variable = record.getVariable();
  const llvm::DIDerivedType *reference = reference_type(*variable);
  auto *part = llvm::DILocalVariable::get(
      object.getContext(), variable->getScope(), variable->getName(), variable->getFile(), variable->getLine(),
      reference ? reference->getBaseType() : variable->getType(), 0, llvm::DINode::FlagArtificial, 0, nullptr);
  std::vector<std::uint64_t> words;
  if (offset != 0)
    words = {llvm::dwarf::DW_OP_plus_uconst, offset};
  llvm::DbgVariableRecord::createDVRDeclare(&object, part, llvm::DIExpression::get(object.getContext(), words),
                                            where ? where : record.getDebugLoc(), record);
}

/// `const auto &[x, y] = object`: Clang says of y that it lies 4 bytes behind what a slot points to, which LLVM forgets
/// when the slot goes. In which slot, and how far behind; null for any other record.
std::pair<llvm::AllocaInst *, std::uint64_t> part_of_referred(const llvm::DbgVariableRecord &record) {
  const llvm::ArrayRef<std::uint64_t> words = record.getExpression()->getElements();
  if (!record.isDbgDeclare() || record.getDebugLoc().getInlinedAt() || record.getVariable()->getArg() != 0 ||
      words.empty() || words[0] != llvm::dwarf::DW_OP_deref)
    return {};
  auto *slot = llvm::dyn_cast_if_present<llvm::AllocaInst>(record.getVariableLocationOp(0));
  if (words.size() == 1)
    return {slot, 0};
  return {words.size() == 3 && words[1] == llvm::dwarf::DW_OP_plus_uconst ? slot : nullptr, words.back()};
}

/// Says it of the pointer itself, from where the slot gets it, or of the object.
void follow_referred_parts(llvm::Function &coroutine) {
  std::vector<llvm::DbgVariableRecord *> parts;
  for (llvm::Instruction &instruction : llvm::instructions(coroutine))
    for (llvm::DbgVariableRecord &record : llvm::filterDbgVars(instruction.getDbgRecordRange()))
      if (part_of_referred(record).first)
        parts.push_back(&record);
  for (llvm::DbgVariableRecord *record : parts) {
    const auto [slot, offset] = part_of_referred(*record);
    llvm::StoreInst *store = only_store_to(*slot);
    if (!store)
      continue;
    if (const pointer at = origin_of(*store->getValueOperand());
        auto *object = llvm::dyn_cast_if_present<llvm::AllocaInst>(at.base)) {
      declare_part(*record, *object, at.offset + offset, record->getDebugLoc());
    } else {
      auto *expression = llvm::DIExpression::get(coroutine.getContext(),
                                                 {llvm::dwarf::DW_OP_plus_uconst, offset, llvm::dwarf::DW_OP_deref});
      store->getParent()->insertDbgRecordAfter(
          llvm::DbgVariableRecord::createDbgVariableRecord(store->getValueOperand(), record->getVariable(), expression,
                                                           record->getDebugLoc()),
          store);
    }
    record->eraseFromParent();
  }
}

void name_bindings(llvm::Function &coroutine) {
  follow_referred_parts(coroutine);
  std::vector<llvm::DbgVariableRecord *> references;
  std::set<const llvm::DILocalVariable *> known;
  for (llvm::Instruction &instruction : llvm::instructions(coroutine))
    for (llvm::DbgVariableRecord &record : llvm::filterDbgVars(instruction.getDbgRecordRange()))
      if (reference_slot(record) && known.insert(record.getVariable()).second)
        references.push_back(&record);
  for (llvm::DbgVariableRecord *record : references) {
    llvm::Value *value = only_value_in(*reference_slot(*record));
    const pointer origin = value ? origin_of(*value) : pointer{};
    // Clang names the slots of variables and temporaries, and not that of an object whose parts alone have names.
    auto *object = llvm::dyn_cast_if_present<llvm::AllocaInst>(origin.base);
    if (object && (!object->hasName() || (origin.is_through_unnamed && object->getName().starts_with("ref.tmp"))))
      declare_part(*record, *object, origin.offset, llvm::cast<llvm::Instruction>(value)->getDebugLoc());
  }
}

} // namespace

void name_bindings(llvm::Module &module) {
  for (llvm::Function &function : module)
    if (function.isPresplitCoroutine() && function.getSubprogram())
      name_bindings(function);
}

bool stands_for(const llvm::DILocalVariable &variable, const llvm::DILocalVariable &reference) {
  const llvm::DIDerivedType *type = reference_type(reference);
  return variable.isArtificial() && variable.getType() == (type ? type->getBaseType() : reference.getType()) &&
         variable.getName() == reference.getName() && variable.getLine() == reference.getLine() &&
         variable.getScope() == reference.getScope();
}

} // namespace coroscope::lowering
