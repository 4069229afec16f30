// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A value has the type of where it comes from; what comes from nowhere known has the type of where it goes.
#include "lowering/value_type.h"

#include "lowering/meaning.h"
#include "lowering/member_path.h"
#include "lowering/type_name.h"
#include "lowering/variable.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>

#include <algorithm>

namespace coroscope::lowering {
namespace {

constexpr unsigned max_depth = 6;
constexpr unsigned max_users = 16;

/// A type of debug info, or a pointer to one that debug info need not have.
struct known_type {
  const llvm::DIType *type = nullptr;
  bool is_address = false; ///< a pointer to `type`

  explicit operator bool() const { return type != nullptr; }
};

std::string text_of(const known_type &known) {
  if (!known)
    return {};
  const std::string name = type_name(known.type);
  return name.empty() || !known.is_address ? name : name + (name.ends_with('*') ? "*" : " *");
}

bool is_number(const llvm::DIType *type) {
  const auto *composite = llvm::dyn_cast_if_present<llvm::DICompositeType>(type);
  return llvm::isa_and_present<llvm::DIBasicType>(type) ||
         (composite && composite->getTag() == llvm::dwarf::DW_TAG_enumeration_type);
}

/// Whether LLVM may hold a value of the source's type in one of `type`.
bool fits(const known_type &known, const llvm::Type &type, const llvm::DataLayout &layout) {
  if (!known)
    return false;
  const llvm::DIType *plain = plain_type(known.type);
  if (known.is_address || pointee(plain)) // an address may be moved about as a number
    return type.isPointerTy() || type.isIntegerTy(layout.getPointerSizeInBits());
  const std::uint64_t bits = plain ? plain->getSizeInBits() : 0;
  if (bits == 0 || !type.isSized() || layout.getTypeStoreSizeInBits(const_cast<llvm::Type *>(&type)) != bits)
    return false;
  const auto *basic = llvm::dyn_cast<llvm::DIBasicType>(plain);
  return !basic || (basic->getEncoding() == llvm::dwarf::DW_ATE_float) == type.isFloatingPointTy();
}

class type_finder {
public:
  known_type of(llvm::Value &value) {
    if (llvm::isa<llvm::Constant>(value) || depth_ >= max_depth)
      return {};
    ++depth_;
    known_type known = made_as(value);
    if (!fits(known, *value.getType(), layout_of(value)))
      known = {};
    --depth_;
    return known;
  }

  /// What an inlined function makes and only others use is what it returns.
  static known_type as_result(const llvm::Value &value) {
    const auto *instruction = llvm::dyn_cast<llvm::Instruction>(&value);
    const llvm::DILocation *at = instruction ? instruction->getDebugLoc().get() : nullptr;
    if (!at || !at->getInlinedAt())
      return {};
    const llvm::DISubprogram *function = at->getScope()->getSubprogram();
    unsigned count = 0;
    for (const llvm::User *user : value.users()) {
      const auto *use = llvm::dyn_cast<llvm::Instruction>(user);
      const llvm::DILocation *place = use ? use->getDebugLoc().get() : nullptr;
      if (++count > max_users || !place || place->getScope()->getSubprogram() == function)
        return {};
    }
    const llvm::DISubroutineType *type = function->getType();
    const known_type known{type && type->getTypeArray().size() != 0 ? type->getTypeArray()[0] : nullptr};
    return fits(known, *value.getType(), layout_of(value)) ? known : known_type{};
  }

  /// What the places have that the value goes to.
  known_type by_use(llvm::Value &value) {
    unsigned count = 0;
    for (const llvm::Use &use : value.uses()) {
      auto *user = llvm::dyn_cast<llvm::Instruction>(use.getUser());
      if (!user || ++count > max_users)
        break;
      if (const known_type known = wanted_by(*user, use); fits(known, *value.getType(), layout_of(value)))
        return known;
    }
    return {};
  }

private:
  static const llvm::DataLayout &layout_of(const llvm::Value &value) {
    if (const auto *argument = llvm::dyn_cast<llvm::Argument>(&value))
      return argument->getParent()->getDataLayout();
    return llvm::cast<llvm::Instruction>(value).getDataLayout();
  }

  static std::uint64_t size_of(const llvm::Value &value) {
    llvm::Type *type = value.getType();
    return type->isSized() ? layout_of(value).getTypeStoreSize(type).getKnownMinValue() : 0;
  }

  known_type made_as(llvm::Value &value) {
    if (auto *slot = llvm::dyn_cast<llvm::AllocaInst>(&value))
      return {slot_type(*slot), true};
    if (const known_type known = declared_as(value))
      return known;
    auto *instruction = llvm::dyn_cast<llvm::Instruction>(&value);
    if (!instruction)
      return {};
    if (auto *load = llvm::dyn_cast<llvm::LoadInst>(instruction))
      return object_at(*load->getPointerOperand(), size_of(value));
    if (auto *part = llvm::dyn_cast<llvm::GetElementPtrInst>(instruction))
      return address_of(*part);
    if (llvm::isa<llvm::FreezeInst, llvm::PtrToIntInst, llvm::IntToPtrInst>(instruction))
      return of(*instruction->getOperand(0));
    if (llvm::isa<llvm::BinaryOperator, llvm::MinMaxIntrinsic>(instruction))
      return first_of({instruction->getOperand(0), instruction->getOperand(1)});
    if (auto *choice = llvm::dyn_cast<llvm::SelectInst>(instruction))
      return common_of({choice->getTrueValue(), choice->getFalseValue()});
    if (auto *phi = llvm::dyn_cast<llvm::PHINode>(instruction))
      return common_of(llvm::SmallVector<llvm::Value *>(phi->incoming_values()));
    if (auto *call = llvm::dyn_cast<llvm::CallBase>(instruction))
      return returned_by(*call);
    if (auto *part = llvm::dyn_cast<llvm::ExtractValueInst>(instruction))
      return part_of_result(*part);
    return {};
  }

  static known_type declared_as(llvm::Value &value) {
    const llvm::DbgVariableRecord *record = variable_of(value);
    if (!record)
      return {};
    const llvm::DIType *type = record->getVariable()->getType();
    const auto part = part_of(*record);
    return {part ? member_type(type, part->first, part->second) : type};
  }

  /// The class of a temporary is told by the `this` of the member functions that were inlined for it.
  static const llvm::DIType *slot_type(llvm::AllocaInst &slot) {
    if (const llvm::DbgVariableRecord *record = variable_of(slot); record && bindings_in(slot).empty())
      return record->getVariable()->getType();
    llvm::SmallVector<llvm::DbgVariableRecord *> records;
    llvm::findDbgValues(&slot, records);
    const auto size = slot.getAllocationSize(slot.getDataLayout());
    for (const llvm::DbgVariableRecord *record : records) {
      const llvm::DIType *type = pointee(record->getVariable()->getType());
      const llvm::DIType *plain = plain_type(type);
      if (record->getVariable()->getName() == "this" && record->getExpression()->getNumElements() == 0 && plain &&
          size && plain->getSizeInBits() == size->getFixedValue() * 8)
        return type;
    }
    return nullptr;
  }

  /// Where an address leads to: the type of the whole object, and how far into it.
  std::pair<const llvm::DIType *, std::uint64_t> target_of(llvm::Value &address) {
    if (auto *part = llvm::dyn_cast<llvm::GetElementPtrInst>(&address)) {
      llvm::APInt offset(64, 0);
      const auto [type, begin] = target_of(*part->getPointerOperand());
      if (part->accumulateConstantOffset(part->getDataLayout(), offset)) {
        const auto from = static_cast<std::int64_t>(begin) + offset.getSExtValue();
        return from < 0 ? std::pair(static_cast<const llvm::DIType *>(nullptr), std::uint64_t{0})
                        : std::pair(type, static_cast<std::uint64_t>(from));
      }
      // The element of an array that the index names is as good as its first.
      const llvm::DIType *element = element_type(type);
      const std::uint64_t size = element ? plain_type(element)->getSizeInBits() / 8 : 0;
      const llvm::TypeSize step = part->getDataLayout().getTypeAllocSize(part->getResultElementType());
      return begin == 0 && size != 0 && step == llvm::TypeSize::getFixed(size)
                 ? std::pair(element, std::uint64_t{0})
                 : std::pair(static_cast<const llvm::DIType *>(nullptr), std::uint64_t{0});
    }
    const known_type known = of(address);
    return {known.is_address ? known.type : pointee(known.type), 0};
  }

  /// Of an array its element; a pointer to a number or class may point to one of several.
  static const llvm::DIType *element_type(const llvm::DIType *type) {
    const auto *array = llvm::dyn_cast_if_present<llvm::DICompositeType>(plain_type(type));
    return array && array->getTag() == llvm::dwarf::DW_TAG_array_type ? array->getBaseType() : type;
  }

  known_type object_at(llvm::Value &address, std::uint64_t size) {
    const auto [type, offset] = target_of(address);
    return {member_type(type, offset, size)};
  }

  known_type address_of(llvm::GetElementPtrInst &part) {
    const auto [type, offset] = target_of(part);
    if (type && offset == 0)
      return {type, true};
    // Into a row of objects the same pointer may go on behind the first.
    const llvm::DIType *plain = plain_type(type);
    const std::uint64_t size = plain ? plain->getSizeInBits() / 8 : 0;
    if (size != 0 && offset % size == 0)
      return {type, true};
    const llvm::DIType *member = member_at(type, offset);
    return {member, member != nullptr};
  }

  known_type first_of(llvm::ArrayRef<llvm::Value *> values) {
    for (llvm::Value *value : values)
      if (const known_type known = of(*value); known && !known.is_address && is_number(plain_type(known.type)))
        return known;
    return {};
  }

  known_type common_of(llvm::ArrayRef<llvm::Value *> values) {
    known_type common;
    for (llvm::Value *value : values) {
      const known_type known = of(*value);
      if (known && common && text_of(known) != text_of(common))
        return {};
      if (known)
        common = known;
    }
    return common;
  }

  static const llvm::DISubroutineType *declared_type(const llvm::CallBase &call) {
    const llvm::Function *callee = call.getCalledFunction();
    const llvm::DISubprogram *declared = callee ? callee->getSubprogram() : nullptr;
    return declared ? declared->getType() : nullptr;
  }

  static known_type returned_by(const llvm::CallBase &call) {
    if (llvm::isa<llvm::CoroBeginInst>(call))
      return {};
    const llvm::DISubroutineType *type = declared_type(call);
    return {type && type->getTypeArray().size() != 0 ? type->getTypeArray()[0] : nullptr};
  }

  /// A class of two registers comes back in two parts.
  static known_type part_of_result(const llvm::ExtractValueInst &part) {
    const auto *call = llvm::dyn_cast<llvm::CallBase>(part.getAggregateOperand());
    const auto *parts = llvm::dyn_cast<llvm::StructType>(part.getAggregateOperand()->getType());
    if (!call || !parts || part.getNumIndices() != 1)
      return {};
    const std::uint64_t offset = part.getDataLayout()
                                     .getStructLayout(const_cast<llvm::StructType *>(parts))
                                     ->getElementOffset(part.getIndices()[0]);
    return {member_type(returned_by(*call).type, offset, size_of(part))};
  }

  known_type wanted_by(llvm::Instruction &user, const llvm::Use &use) {
    if (auto *store = llvm::dyn_cast<llvm::StoreInst>(&user))
      return use.getOperandNo() == 0 ? object_at(*store->getPointerOperand(), size_of(*use.get())) : known_type{};
    if (auto *comparison = llvm::dyn_cast<llvm::ICmpInst>(&user))
      return of(*comparison->getOperand(1 - use.getOperandNo()));
    if (llvm::isa<llvm::BinaryOperator, llvm::MinMaxIntrinsic>(user) && use.getOperandNo() < 2) {
      const known_type known = first_of({user.getOperand(1 - use.getOperandNo())});
      if (known || depth_ >= max_depth)
        return known;
      ++depth_; // arithmetic gives what it is given
      return by_use(user);
    }
    if (llvm::isa<llvm::PHINode, llvm::FreezeInst>(user))
      return declared_as(user);
    if (const auto *call = llvm::dyn_cast<llvm::CallBase>(&user); call && call->isArgOperand(&use))
      return parameter_of(*call, call->getArgOperandNo(&use));
    return {};
  }

  /// Where each parameter is one argument.
  static known_type parameter_of(const llvm::CallBase &call, unsigned argument) {
    const llvm::DISubroutineType *type = declared_type(call);
    const unsigned hidden = call.arg_size() > 0 && call.paramHasAttr(0, llvm::Attribute::StructRet) ? 1 : 0;
    if (!type || argument < hidden || type->getTypeArray().size() + hidden != call.arg_size() + 1)
      return {};
    return {type->getTypeArray()[argument - hidden + 1]};
  }

  unsigned depth_ = 0;
};

/// Whether the value is, or becomes by a few steps of arithmetic, the first argument of an operator new.
bool is_allocated(const llvm::Value &value, unsigned depth = 0) {
  return depth < max_depth &&
         std::ranges::any_of(
             value.users(),
             [&](const llvm::User *user) {
               if (const auto *call = llvm::dyn_cast<llvm::CallBase>(user);
                   call && call->getCalledFunction() && !llvm::isa<llvm::IntrinsicInst>(call))
                 return call->arg_size() != 0 && call->getArgOperand(0) == &value &&
                        plain_name(call->getCalledFunction()->getName().str()).starts_with("operator new");
               return llvm::isa<llvm::SelectInst, llvm::BinaryOperator, llvm::ExtractValueInst, llvm::WithOverflowInst>(
                          user) &&
                      is_allocated(*user, depth + 1);
             });
}

/// What is in a slot of a number or pointer is what is stored to it.
std::string slot_content(llvm::AllocaInst &slot) {
  for (llvm::User *user : slot.users())
    if (auto *store = llvm::dyn_cast<llvm::StoreInst>(user); store && store->getPointerOperand() == &slot)
      if (const std::string text = source_type(*store->getValueOperand()); !text.empty())
        return text;
  return {};
}

} // namespace

std::string source_type(llvm::Value &value) {
  if (llvm::isa<llvm::Constant>(value))
    return {};
  if (value.getType()->isIntegerTy(1))
    return "bool";
  if (llvm::isa<llvm::CoroBeginInst>(value))
    return "coroutine frame *";
  type_finder find;
  known_type known = find.of(value);
  if (!known)
    known = find.by_use(value);
  if (!known)
    known = type_finder::as_result(value);
  return !known && value.getType()->isIntegerTy() && is_allocated(value) ? "std::size_t" : text_of(known);
}

void add_types(llvm::Function &coroutine, described_values &values) {
  for (llvm::Instruction &instruction : llvm::instructions(coroutine)) {
    if (!instruction.hasName())
      continue;
    const auto known = values.find(instruction.getName());
    if (known == values.end() || known->second.reasons.empty() || known->second.is_variable)
      continue;
    lowered_resident &resident = known->second;
    auto *slot = llvm::dyn_cast<llvm::AllocaInst>(&instruction);
    const llvm::Type &type = slot ? *slot->getAllocatedType() : *instruction.getType();
    if (resident.type != type_name(type) || !type.isSingleValueType())
      continue;
    if (std::string text = slot ? slot_content(*slot) : source_type(instruction); !text.empty())
      resident.type = std::move(text);
    else if (type.isPointerTy() && !resident.meaning.empty())
      resident.type = "address"; // what Clang or the optimiser keeps for itself has no type in the source
  }
}

} // namespace coroscope::lowering
