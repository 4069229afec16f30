// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/residents.h"

#include "lowering/place.h"
#include "lowering/tag.h"
#include "lowering/type_name.h"

#include <llvm/Demangle/Demangle.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>

#include <cstdlib>

namespace coroscope::lowering {
namespace {

void name_unnamed_values(llvm::Function &coroutine) {
  unsigned number = 0;
  const auto name = [&](llvm::Value &value) {
    if (!value.hasName() && !value.getType()->isVoidTy() && !value.getType()->isTokenTy())
      value.setName("value." + std::to_string(number++));
  };
  for (llvm::Argument &argument : coroutine.args())
    name(argument);
  for (llvm::Instruction &instruction : llvm::instructions(coroutine))
    name(instruction);
}

/// How surely `record` says that the value is the variable; 0 not at all. A value that a variable was computed from, or
/// that points to it, is not the variable.
int rank_of(const llvm::DbgVariableRecord &record, const llvm::Value &value) {
  const llvm::DIExpression *expression = record.getExpression();
  const bool is_whole = expression->getNumElements() == 0;
  const bool is_part = expression->isFragment() && expression->getNumElements() == 3;
  if (record.getNumVariableLocationOps() != 1 || (!is_whole && !is_part))
    return 0;
  const bool is_own = !record.getDebugLoc().getInlinedAt();
  const bool is_parameter = is_own && record.getVariable()->getArg() != 0;
  // An argument may be copied into other variables; it stays the parameter that it was passed as.
  const bool fits = is_parameter == llvm::isa<llvm::Argument>(value);
  return 1 + (is_whole ? 4 : 0) + (is_own ? 2 : 0) + (fits ? 8 : 0);
}

/// A value may pass from variable to variable (`a = b`): it is first the one that is named right where it is made.
bool is_nearer(const llvm::DbgVariableRecord &record, const llvm::DbgVariableRecord &other, const llvm::Value &value) {
  const auto *instruction = llvm::dyn_cast<llvm::Instruction>(&value);
  const llvm::BasicBlock *home = instruction ? instruction->getParent() : &record.getFunction()->getEntryBlock();
  if ((record.getParent() == home) != (other.getParent() == home))
    return record.getParent() == home;
  return record.getParent() == other.getParent() && record.getInstruction() != other.getInstruction() &&
         record.getInstruction()->comesBefore(other.getInstruction());
}

llvm::SmallVector<llvm::DbgVariableRecord *> records_of(llvm::Value &value) {
  llvm::SmallVector<llvm::DbgVariableRecord *> records;
  if (auto *alloca = llvm::dyn_cast<llvm::AllocaInst>(&value)) {
    for (llvm::DbgVariableRecord *record : llvm::findDVRDeclares(alloca))
      records.push_back(record);
    for (llvm::DbgVariableRecord *record : llvm::at::getDVRAssignmentMarkers(alloca))
      records.push_back(record);
  } else {
    llvm::findDbgValues(&value, records);
  }
  return records;
}

/// The source variable that debug info ties to `value`: one of the coroutine itself before one of inlined code.
const llvm::DbgVariableRecord *variable_of(llvm::Value &value) {
  const llvm::DbgVariableRecord *best = nullptr;
  int best_rank = 0;
  for (const llvm::DbgVariableRecord *record : records_of(value)) {
    const int rank =
        llvm::isa<llvm::AllocaInst>(value) ? (record->getDebugLoc().getInlinedAt() ? 1 : 2) : rank_of(*record, value);
    if (rank > best_rank || (rank > 0 && rank == best_rank && is_nearer(*record, *best, value))) {
      best = record;
      best_rank = rank;
    }
  }
  return best;
}

/// A structured binding's object has no name of its own; debug info gives the slot the names of its parts, at offsets.
std::string bindings_in(llvm::Value &slot) {
  std::map<std::uint64_t, std::string> names;
  for (const llvm::DbgVariableRecord *record : records_of(slot)) {
    std::int64_t offset = 0;
    llvm::SmallVector<std::uint64_t> rest;
    const llvm::DIExpression *expression = record->getExpression();
    if (expression->isFragment() || !expression->extractLeadingOffset(offset, rest))
      return {};
    names.emplace(static_cast<std::uint64_t>(offset), record->getVariable()->getName().str());
  }
  if (names.size() < 2)
    return {};
  std::string text;
  for (const auto &[offset, name] : names)
    text += (text.empty() ? "[" : ", ") + name;
  return text + "]";
}

/// Where a temporary comes into being: its lifetime's start, else the first instruction that touches it.
std::optional<place> first_use(const llvm::Value &value) {
  std::optional<place> earliest;
  for (const llvm::User *user : value.users()) {
    const auto *instruction = llvm::dyn_cast<llvm::Instruction>(user);
    if (!instruction)
      continue;
    const std::optional<place> where = place_of(instruction->getDebugLoc());
    if (!where)
      continue;
    if (const auto *intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(instruction);
        intrinsic && intrinsic->getIntrinsicID() == llvm::Intrinsic::lifetime_start)
      return where;
    if (!earliest || where->where < earliest->where)
      earliest = where;
  }
  return earliest;
}

std::string ir_type_of(const llvm::Value &value) {
  const auto *alloca = llvm::dyn_cast<llvm::AllocaInst>(&value);
  return type_name(alloca ? *alloca->getAllocatedType() : *value.getType());
}

field_kind kind_of(const llvm::Value &value, const lowered_resident &resident) {
  if (llvm::isa<llvm::Argument>(value) || (resident.is_parameter && resident.is_stack_slot))
    return field_kind::param_copy;
  if (!resident.is_stack_slot)
    return field_kind::spill;
  if (resident.is_variable)
    return field_kind::local;
  return resident.awaiter_of ? field_kind::awaiter : field_kind::temporary;
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> part_of(const llvm::DbgVariableRecord &record) {
  const auto fragment = record.getExpression()->getFragmentInfo();
  if (!fragment)
    return std::nullopt;
  return std::pair(fragment->OffsetInBits / 8, (fragment->SizeInBits + 7) / 8);
}

/// Of the function with this symbol: "_ZNKSt6vectorIiSaIiEE4sizeEv" -> "size"
std::string plain_name(const std::string &symbol) {
  llvm::ItaniumPartialDemangler parts; // points into `symbol`
  if (parts.partialDemangle(symbol.c_str()))
    return symbol;
  char *base = parts.getFunctionBaseName(nullptr, nullptr);
  std::string name = base ? base : symbol;
  std::free(base);
  return name;
}

std::string meaning_of(llvm::Value &value) {
  if (llvm::isa<llvm::IntrinsicInst>(value))
    return {};
  // A class that is passed in registers arrives in pieces: "s.coerce", "s.coerce0".
  if (llvm::isa<llvm::Argument>(value))
    return "argument " + value.getName().split('.').first.str();
  if (const auto *call = llvm::dyn_cast<llvm::CallBase>(&value))
    return call->getCalledFunction() ? "result of " + plain_name(call->getCalledFunction()->getName().str())
                                     : "result of a call";
  if (auto *load = llvm::dyn_cast<llvm::LoadInst>(&value))
    if (const llvm::DbgVariableRecord *record = variable_of(*load->getPointerOperand()))
      return "value of " + record->getVariable()->getName().str();
  return {};
}

/// CoroSplit gives each frame a variable; that of an inlined coroutine shows that its frame was elided into this one.
void describe_elided_frame(const llvm::DILocalVariable &variable, lowered_resident &resident) {
  const llvm::StringRef type = variable.getType() ? variable.getType()->getName() : "";
  resident.is_variable = false;
  resident.meaning = "elided frame of " + plain_name(type.substr(0, type.rfind(".coro_frame_ty")).str());
  resident.type = "coroutine frame";
}

/// Clang keeps `this` in a stack slot and its value in a register from the function's start: the value is the variable.
const llvm::DbgVariableRecord *variable_or_this(llvm::Value &value) {
  if (const llvm::DbgVariableRecord *record = variable_of(value))
    return record;
  if (auto *load = llvm::dyn_cast<llvm::LoadInst>(&value); load && load->getName().starts_with("this"))
    if (const llvm::DbgVariableRecord *record = variable_of(*load->getPointerOperand());
        record && record->getVariable()->getName() == "this")
      return record;
  return nullptr;
}

/// Of the variable's declaration, where the record still stands for it.
unsigned column_of(const llvm::DbgVariableRecord &record) {
  const llvm::DebugLoc &location = record.getDebugLoc();
  return location && location.getLine() == record.getVariable()->getLine() ? location.getCol() : 0;
}

bool is_class(const llvm::Value &value) {
  const auto *alloca = llvm::dyn_cast<llvm::AllocaInst>(&value);
  return alloca && alloca->getAllocatedType()->isStructTy();
}

described_value describe(llvm::Value &value) {
  lowered_resident resident{.name = value.getName().str(),
                            .is_class = is_class(value),
                            .is_stack_slot = llvm::isa<llvm::AllocaInst>(value),
                            .type = ir_type_of(value)};
  if (const llvm::DbgVariableRecord *record = variable_or_this(value)) {
    const llvm::DILocalVariable *variable = record->getVariable();
    const std::string bindings = resident.is_stack_slot ? bindings_in(value) : "";
    resident.name = bindings.empty() ? variable->getName().str() : bindings;
    resident.is_variable = true;
    resident.argument = variable->getArg();
    resident.is_parameter = variable->getArg() != 0 && !record->getDebugLoc().getInlinedAt();
    resident.part = part_of(*record);
    resident.is_inlined = record->getDebugLoc().getInlinedAt() != nullptr;
    if (std::string name = type_name(variable->getType()); !name.empty() && bindings.empty())
      resident.type = std::move(name);
    if (resident.name == "__coro_frame")
      describe_elided_frame(*variable, resident);
    if (variable->getLine() == 0)
      resident.where = place_of(record->getDebugLoc());
    else
      resident.where = place{path_of(variable->getFile()), {variable->getLine(), column_of(*record)}};
  } else if (llvm::isa<llvm::Argument>(value)) {
    resident.meaning = meaning_of(value);
  } else if (const auto *instruction = llvm::dyn_cast<llvm::Instruction>(&value)) {
    resident.where = resident.is_stack_slot ? first_use(value) : place_of(instruction->getDebugLoc());
    resident.meaning = meaning_of(value);
  }
  return {.kind = kind_of(value, resident), .resident = std::move(resident)};
}

void mark_awaiters(llvm::Function &coroutine, described_values &values) {
  for (llvm::Instruction &instruction : llvm::instructions(coroutine))
    if (const auto *await = llvm::dyn_cast<llvm::CoroAwaitSuspendInst>(&instruction)) {
      const llvm::Value *awaiter = await->getAwaiter()->stripInBoundsOffsets();
      const auto known = values.find(awaiter->getName());
      if (known == values.end() || !llvm::isa<llvm::AllocaInst>(awaiter) || known->second.resident.is_variable)
        continue;
      known->second.resident.awaiter_of = ordinal_of(*await);
      known->second.kind = field_kind::awaiter;
    }
}

void mark_promise(llvm::Function &coroutine, described_values &values) {
  for (llvm::Instruction &instruction : llvm::instructions(coroutine))
    if (const auto *id = llvm::dyn_cast<llvm::CoroIdInst>(&instruction); id && id->getPromise())
      // The id of an inlined coroutine names no promise of this frame.
      if (const auto known = values.find(id->getPromise()->getName()); known != values.end())
        known->second.kind = field_kind::promise;
}

} // namespace

described_values describe_values(llvm::Function &coroutine) {
  name_unnamed_values(coroutine);
  described_values values;
  const auto add = [&](llvm::Value &value) {
    if (!value.hasName())
      return;
    described_value described = describe(value);
    described.resident.values = {value.getName().str()};
    values.emplace(value.getName().str(), std::move(described));
  };
  for (llvm::Argument &argument : coroutine.args())
    add(argument);
  for (llvm::Instruction &instruction : llvm::instructions(coroutine))
    add(instruction);
  mark_awaiters(coroutine, values);
  mark_promise(coroutine, values);
  return values;
}

} // namespace coroscope::lowering
