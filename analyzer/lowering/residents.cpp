// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/residents.h"

#include "lowering/meaning.h"
#include "lowering/member_path.h"
#include "lowering/place.h"
#include "lowering/slot_words.h"
#include "lowering/tag.h"
#include "lowering/type_name.h"
#include "lowering/value_place.h"
#include "lowering/variable.h"

#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>

namespace coroscope::lowering {
namespace {

/// With a sign that no name of the source has, after which passes name what they make.
void name_unnamed_values(llvm::Function &coroutine) {
  unsigned number = 0;
  const auto name = [&](llvm::Value &value) {
    if (!value.hasName() && !value.getType()->isVoidTy() && !value.getType()->isTokenTy())
      value.setName("value-" + std::to_string(number++));
  };
  for (llvm::Argument &argument : coroutine.args())
    name(argument);
  for (llvm::Instruction &instruction : llvm::instructions(coroutine))
    name(instruction);
}

std::string ir_type_of(const llvm::Value &value) {
  const auto *alloca = llvm::dyn_cast<llvm::AllocaInst>(&value);
  return type_name(alloca ? *alloca->getAllocatedType() : *value.getType());
}

/// What a function was declared to return; empty where no debug info tells or it is not the value that LLVM returns.
std::string returned_type(const llvm::CallBase &call) {
  const llvm::Function *callee = call.getCalledFunction();
  const llvm::DISubprogram *declared = callee ? callee->getSubprogram() : nullptr;
  const llvm::DISubroutineType *type = declared ? declared->getType() : nullptr;
  if (!type || type->getTypeArray().size() == 0 || callee->hasStructRetAttr())
    return {};
  const llvm::DIType *result = type->getTypeArray()[0];
  return result && (llvm::isa<llvm::DIBasicType>(plain_type(result)) || call.getType()->isPointerTy())
             ? type_name(result)
             : "";
}

/// Bytes that the value takes in a frame; 0 where only the machine that runs it can tell.
std::uint64_t size_of(const llvm::Value &value, const llvm::DataLayout &layout) {
  const auto *slot = llvm::dyn_cast<llvm::AllocaInst>(&value);
  if (!slot && !value.getType()->isSized())
    return 0;
  const std::optional<llvm::TypeSize> size =
      slot ? slot->getAllocationSize(layout) : std::optional(layout.getTypeAllocSize(value.getType()));
  return size && !size->isScalable() ? size->getFixedValue() : 0;
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

/// CoroSplit gives each frame a variable; that of an inlined coroutine shows that its frame was elided into this one.
void describe_elided_frame(const llvm::DILocalVariable &variable, lowered_resident &resident) {
  resident.is_variable = false;
  resident.frame_of = frame_owner(variable);
  resident.meaning = "elided frame of " + plain_name(resident.frame_of);
  resident.type = "coroutine frame";
}

/// What the language declares by itself has no line but that of its scope, a range-for for one.
std::optional<place> declared_at(const llvm::DbgVariableRecord &record) {
  const llvm::DILocalVariable *variable = record.getVariable();
  if (variable->getLine() != 0)
    return place{path_of(variable->getFile()), {variable->getLine(), column_of(record)}};
  const llvm::DILocalScope *scope = variable->getScope();
  const auto *block = llvm::dyn_cast<llvm::DILexicalBlock>(scope);
  const auto *function = llvm::dyn_cast<llvm::DISubprogram>(scope);
  if (const unsigned line = block ? block->getLine() : function ? function->getLine() : 0)
    return place{path_of(scope->getFile()), {line, 0}};
  return place_of(record.getDebugLoc());
}

void describe_variable(llvm::Value &value, const llvm::DbgVariableRecord &record, lowered_resident &resident) {
  const llvm::DILocalVariable *variable = record.getVariable();
  const llvm::DebugLoc &location = record.getDebugLoc();
  const std::string bindings = resident.is_stack_slot ? bindings_in(value) : "";
  resident.name = bindings.empty() ? variable->getName().str() : bindings;
  resident.is_variable = true;
  resident.argument = variable->getArg();
  resident.is_parameter = variable->getArg() != 0 && !location.getInlinedAt();
  resident.part = part_of(record);
  resident.is_inlined = location.getInlinedAt() != nullptr;
  resident.inlined = inlined_at(location);
  if (std::string name = type_name(variable->getType()); !name.empty() && bindings.empty())
    resident.type = std::move(name);
  if (resident.name == "__coro_frame")
    describe_elided_frame(*variable, resident);
  resident.where = declared_at(record);
  if (!bindings.empty() && resident.where)
    resident.where->where.column = 0; // that is where one of the parts stands
}

/// What a pass made of a variable's values, where it is all of the variable, or its low bytes where no others are used.
bool describe_joined(llvm::PHINode &phi, const meanings &meanings, lowered_resident &resident) {
  const llvm::DbgVariableRecord *record = meanings.joined_variable(phi);
  const llvm::DIType *type = record ? plain_type(record->getVariable()->getType()) : nullptr;
  const llvm::DataLayout &layout = phi.getDataLayout();
  const llvm::TypeSize bits = layout.getTypeStoreSizeInBits(phi.getType());
  const std::uint64_t whole = type ? type->getSizeInBits() : 0;
  const bool is_narrowed =
      llvm::isa_and_present<llvm::DIBasicType>(type) && phi.getType()->isIntegerTy() && bits.getFixedValue() < whole;
  if (!type || (bits != llvm::TypeSize::getFixed(whole) && !pointee(type) && !is_narrowed))
    return false;
  describe_variable(phi, *record, resident);
  resident.part.reset();
  if (is_narrowed)
    resident.part = std::pair(layout.isBigEndian() ? (whole - bits.getFixedValue()) / 8 : 0, bits.getFixedValue() / 8);
  return true;
}

/// A class that is passed in registers arrives in pieces, "s.coerce" or "s.coerce0" and "s.coerce1"; a bool as a bit.
/// Without a record of its own such a piece has its parameter's name in LLVM's.
void describe_argument(const llvm::Argument &argument, const meanings &meanings, lowered_resident &resident) {
  const auto [name, piece] = argument.getName().split('.');
  const llvm::DILocalVariable *parameter = meanings.parameter(name);
  if (!parameter) {
    resident.meaning = "argument " + std::to_string(argument.getArgNo() + 1);
    return;
  }
  resident.name = name;
  resident.is_variable = resident.is_parameter = true;
  resident.argument = parameter->getArg();
  resident.type = type_name(parameter->getType());
  resident.where = place{path_of(parameter->getFile()), {parameter->getLine(), 0}};
  if (!piece.starts_with("coerce"))
    return;
  std::uint64_t offset = 0;
  const llvm::DataLayout &layout = argument.getParent()->getDataLayout();
  for (const llvm::Argument &other : argument.getParent()->args()) {
    if (!other.getName().starts_with((name + ".coerce").str()))
      continue;
    offset = llvm::alignTo(offset, layout.getABITypeAlign(other.getType()));
    const std::uint64_t size = layout.getTypeStoreSize(other.getType()).getFixedValue();
    if (&other == &argument && (offset != 0 || size < plain_type(parameter->getType())->getSizeInBits() / 8))
      resident.part = std::pair(offset, size);
    offset += size;
  }
}

/// Where no assignments are tracked (-flto) the optimiser drops the record of a slot; the slot's own name stays.
const llvm::DILocalVariable *named_after(const llvm::AllocaInst &slot) {
  const llvm::DISubprogram *own = slot.getFunction()->getSubprogram();
  const std::optional<llvm::TypeSize> size = slot.getAllocationSizeInBits(slot.getDataLayout());
  const llvm::DILocalVariable *found = nullptr;
  if (!own || !slot.hasName() || !size || size->isScalable())
    return nullptr;
  for (const llvm::DINode *node : own->getRetainedNodes())
    if (const auto *variable = llvm::dyn_cast<llvm::DILocalVariable>(node);
        variable && variable->getName() == slot.getName()) {
      const llvm::DIType *type = plain_type(variable->getType());
      if (found || !type || type->getSizeInBits() != size->getFixedValue())
        return nullptr;
      found = variable;
    }
  return found;
}

void describe_named(const llvm::DILocalVariable &variable, lowered_resident &resident) {
  resident.name = variable.getName().str();
  resident.is_variable = true;
  resident.argument = variable.getArg();
  resident.is_parameter = variable.getArg() != 0;
  resident.type = type_name(variable.getType());
  resident.where = place{path_of(variable.getFile()), {variable.getLine(), 0}};
}

/// What a flag says and about which object: "whether guard is still to be destroyed".
std::string flag_words(llvm::Value &flag, meanings &meanings, lowered_resident &resident) {
  const guarded guard = guarded_by(flag);
  if (!guard.object)
    return guard.words.empty() ? slot_words(flag.getName()) : "whether " + guard.words;
  std::string name = meanings.object_at(*guard.object);
  if (name.empty())
    return slot_words(flag.getName());
  if (name.starts_with("the temporary")) {
    if (const std::optional<place> where = place_of(first_use(*guard.object)))
      name += " of " + std::to_string(where->where.line) + ":" + std::to_string(where->where.column);
    resident.about = meanings.about().slot;
    resident.about_words = name;
  }
  return "whether " + name + " " + guard.words;
}

/// The type of the variable that is loaded as a whole; empty where a part of it is.
std::string loaded_type(llvm::LoadInst &load) {
  llvm::Value &slot = *load.getPointerOperand();
  const llvm::DbgVariableRecord *record = llvm::isa<llvm::AllocaInst>(slot) ? variable_of(slot) : nullptr;
  const llvm::DIType *type = record ? plain_type(record->getVariable()->getType()) : nullptr;
  return llvm::isa_and_present<llvm::DIBasicType>(type) ? type_name(record->getVariable()->getType()) : "";
}

void describe_unnamed(llvm::Value &value, meanings &meanings, lowered_resident &resident) {
  const llvm::DebugLoc location = location_of(value);
  resident.where = place_of(location);
  resident.inlined = inlined_at(location);
  resident.is_inlined = !resident.inlined.empty();
  auto *slot = llvm::dyn_cast<llvm::AllocaInst>(&value);
  if (slot || is_flag(value)) {
    resident.meaning = flag_words(value, meanings, resident);
  } else {
    resident.meaning = meanings(value);
    resident.about = meanings.about().slot;
    resident.about_words = meanings.about().words;
  }
  if (resident.meaning == "exception in flight" || llvm::StringRef(resident.meaning).contains("result of operator new"))
    resident.type = "void *";
  else if (resident.meaning == "exception's type selector")
    resident.type = "int";
  else if (resident.meaning == "address of the frame")
    resident.type = "coroutine frame *";
  if (auto *load = llvm::dyn_cast<llvm::LoadInst>(&value))
    if (std::string type = loaded_type(*load); !type.empty())
      resident.type = std::move(type);
  if (const auto *call = llvm::dyn_cast<llvm::CallBase>(&value))
    if (std::string type = returned_type(*call); !type.empty())
      resident.type = std::move(type);
}

lowered_resident describe(llvm::Value &value, meanings &meanings, const llvm::DataLayout &layout) {
  const auto *slot = llvm::dyn_cast<llvm::AllocaInst>(&value);
  lowered_resident resident{.name = value.getName().str(),
                            .is_class = slot && slot->getAllocatedType()->isStructTy(),
                            .is_stack_slot = slot != nullptr,
                            .type = ir_type_of(value),
                            .size = size_of(value, layout)};
  if (const llvm::DbgVariableRecord *record = variable_of(value))
    describe_variable(value, *record, resident);
  else if (const llvm::DILocalVariable *variable = slot ? named_after(*slot) : nullptr)
    describe_named(*variable, resident);
  else if (const auto *argument = llvm::dyn_cast<llvm::Argument>(&value))
    describe_argument(*argument, meanings, resident);
  else if (auto *phi = llvm::dyn_cast<llvm::PHINode>(&value); !phi || !describe_joined(*phi, meanings, resident))
    describe_unnamed(value, meanings, resident);
  resident.kind = kind_of(value, resident);
  return resident;
}

void mark_awaiters(llvm::Function &coroutine, described_values &values) {
  for (llvm::Instruction &instruction : llvm::instructions(coroutine))
    if (const auto *await = llvm::dyn_cast<llvm::CoroAwaitSuspendInst>(&instruction)) {
      const llvm::Value *awaiter = await->getAwaiter()->stripInBoundsOffsets();
      const auto known = values.find(awaiter->getName());
      if (known == values.end() || !llvm::isa<llvm::AllocaInst>(awaiter) || known->second.is_variable)
        continue;
      known->second.awaiter_of = ordinal_of(*await);
      known->second.kind = field_kind::awaiter;
    }
}

/// Where it is written, and where the calls stand that brought it here.
std::vector<place> places_of(const lowered_resident &value) {
  std::vector<place> places = {*value.where};
  for (const lowered_inline &call : value.inlined)
    if (call.call)
      places.push_back(*call.call);
  return places;
}

/// Temporaries of one expression may have one place and type: the order of their slots tells them apart.
void number_twins(llvm::Function &coroutine, described_values &values) {
  std::map<std::pair<std::vector<place>, std::string>, std::vector<lowered_resident *>> twins;
  for (llvm::Instruction &instruction : coroutine.getEntryBlock())
    if (llvm::isa<llvm::AllocaInst>(instruction))
      if (const auto known = values.find(instruction.getName()); known != values.end()) {
        lowered_resident &value = known->second;
        if (!value.is_variable && value.meaning.empty() && value.where)
          twins[{places_of(value), value.type}].push_back(&value);
      }
  for (const auto &[key, group] : twins)
    for (unsigned i = 0; i < group.size(); ++i) {
      group[i]->twin = i;
      group[i]->twins = static_cast<unsigned>(group.size());
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
  meanings meanings(coroutine);
  const auto add = [&](llvm::Value &value) {
    if (!value.hasName())
      return;
    lowered_resident described = describe(value, meanings, coroutine.getDataLayout());
    described.values = {value.getName().str()};
    values.emplace(value.getName().str(), std::move(described));
  };
  for (llvm::Argument &argument : coroutine.args())
    add(argument);
  for (llvm::Instruction &instruction : llvm::instructions(coroutine))
    add(instruction);
  number_twins(coroutine, values);
  mark_awaiters(coroutine, values);
  mark_promise(coroutine, values);
  return values;
}

} // namespace coroscope::lowering
