// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/variable.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Instructions.h>

#include <set>
#include <tuple>

namespace coroscope::lowering {
namespace {

/// How surely `record` says that the value is the variable; 0 not at all. A value that a variable was computed from, or
/// that points to it, is not the variable.
int rank_of(const llvm::DbgVariableRecord &record, const llvm::Value &value) {
  const llvm::DIExpression *expression = record.getExpression();
  if (record.getNumVariableLocationOps() != 1 || !is_value(*expression))
    return 0;
  const bool is_whole = !expression->isFragment();
  const bool is_own = !record.getDebugLoc().getInlinedAt();
  const bool is_parameter = is_own && record.getVariable()->getArg() != 0;
  // An argument, or what a class that is passed by address holds, may be copied into other variables; it stays the
  // parameter that it was passed as.
  const auto *load = llvm::dyn_cast<llvm::LoadInst>(&value);
  const bool is_passed =
      llvm::isa<llvm::Argument>(value) || (load && llvm::isa<llvm::Argument>(load->getPointerOperand()));
  const bool fits = is_parameter == is_passed;
  return 1 + (is_whole ? 4 : 0) + (is_own ? 2 : 0) + (fits ? 8 : 0);
}

/// The object that bindings refer to may be a variable of its own: its slot is that.
int rank_in_slot(const llvm::DbgVariableRecord &record) {
  if (record.getDebugLoc().getInlinedAt())
    return 1;
  return record.getVariable()->isArtificial() ? 2 : 3;
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

const llvm::DbgVariableRecord *recorded_variable(llvm::Value &value) {
  const llvm::DbgVariableRecord *best = nullptr;
  int best_rank = 0;
  for (const llvm::DbgVariableRecord *record : records_of(value)) {
    const int rank = llvm::isa<llvm::AllocaInst>(value) ? rank_in_slot(*record) : rank_of(*record, value);
    if (rank > best_rank || (rank > 0 && rank == best_rank && is_nearer(*record, *best, value))) {
      best = record;
      best_rank = rank;
    }
  }
  return best;
}

} // namespace

const llvm::DbgVariableRecord *variable_of(llvm::Value &value) {
  if (const llvm::DbgVariableRecord *record = recorded_variable(value))
    return record;
  // Clang keeps `this` in a stack slot and its value in a register from the function's start: the value is the
  // variable.
  if (auto *load = llvm::dyn_cast<llvm::LoadInst>(&value); load && load->getName().starts_with("this"))
    if (const llvm::DbgVariableRecord *record = recorded_variable(*load->getPointerOperand());
        record && record->getVariable()->getName() == "this")
      return record;
  // A class of one register is moved as a number: where it is a pointer again, it is the variable.
  if (value.getType()->isIntegerTy())
    for (llvm::User *user : value.users())
      if (auto *cast = llvm::dyn_cast<llvm::IntToPtrInst>(user))
        if (const llvm::DbgVariableRecord *record = recorded_variable(*cast))
          return record;
  return nullptr;
}

bool is_of_several_variables(const llvm::Value &value) {
  if (llvm::isa<llvm::AllocaInst>(value))
    return false;
  llvm::SmallVector<llvm::DbgVariableRecord *> records;
  llvm::findDbgValues(const_cast<llvm::Value *>(&value), records); // which changes nothing
  std::set<llvm::StringRef> names;
  for (const llvm::DbgVariableRecord *record : records)
    if (!record->getDebugLoc().getInlinedAt() && !record->getVariable()->isArtificial() &&
        record->getExpression()->getNumElements() == 0)
      names.insert(record->getVariable()->getName());
  return names.size() > 1;
}

std::string bindings_in(llvm::Value &slot) {
  const auto records = records_of(slot);
  const auto is_declared = [](const llvm::DbgVariableRecord *record) { return !record->getVariable()->isArtificial(); };
  const bool has_parts_alone = llvm::none_of(records, is_declared) || llvm::all_of(records, is_declared);
  if (!has_parts_alone)
    return {};
  // A tuple may hold its parts in another order than the source names them.
  std::set<std::uint64_t> offsets;
  std::set<std::tuple<unsigned, std::uint64_t, std::string>> parts; // by column, then offset
  for (const llvm::DbgVariableRecord *record : records) {
    std::int64_t offset = 0;
    llvm::SmallVector<std::uint64_t> rest;
    const llvm::DIExpression *expression = record->getExpression();
    // The slot of a reference: what it refers to has the parts.
    if (expression->startsWithDeref())
      expression = llvm::DIExpression::get(slot.getContext(), expression->getElements().drop_front());
    if (expression->isFragment() || !expression->extractLeadingOffset(offset, rest))
      return {};
    if (offsets.insert(static_cast<std::uint64_t>(offset)).second)
      parts.emplace(column_of(*record), offset, record->getVariable()->getName().str());
  }
  if (parts.size() < 2)
    return {};
  std::string text;
  for (const auto &[column, offset, name] : parts)
    text += (text.empty() ? "[" : ", ") + name;
  return text + "]";
}

bool is_value(const llvm::DIExpression &expression) {
  namespace dwarf = llvm::dwarf;
  const llvm::ArrayRef<std::uint64_t> words = expression.getElements();
  const auto is_bit_as_byte = [&] {
    return words.size() >= 7 && words[0] == dwarf::DW_OP_LLVM_convert && words[1] == 1 &&
           words[3] == dwarf::DW_OP_LLVM_convert && words[4] == 8 && words[6] == dwarf::DW_OP_stack_value;
  };
  const std::size_t read = is_bit_as_byte() ? 7 : 0;
  return words.size() == read + (expression.isFragment() ? 3 : 0);
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> part_of(const llvm::DbgVariableRecord &record) {
  const auto fragment = record.getExpression()->getFragmentInfo();
  if (!fragment)
    return std::nullopt;
  return std::pair(fragment->OffsetInBits / 8, (fragment->SizeInBits + 7) / 8);
}

unsigned column_of(const llvm::DbgVariableRecord &record) {
  const llvm::DebugLoc &location = record.getDebugLoc();
  return location && location.getLine() == record.getVariable()->getLine() ? location.getCol() : 0;
}

} // namespace coroscope::lowering
