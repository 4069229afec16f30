// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/library_class.h"

#include "lowering/member_path.h"

#include <llvm/ADT/StringSwitch.h>
#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/DebugInfoMetadata.h>

#include <algorithm>

namespace coroscope::lowering {
namespace {

constexpr unsigned deepest = 8; ///< members of members

bool is_member_or_base(const llvm::DIDerivedType &part) {
  const bool is_member = part.getTag() == llvm::dwarf::DW_TAG_member;
  return (is_member || part.getTag() == llvm::dwarf::DW_TAG_inheritance) && !part.isStaticMember() && !part.isVirtual();
}

bool has_data(const llvm::DIType *type) {
  const auto *composite = llvm::dyn_cast_if_present<llvm::DICompositeType>(plain_type(type));
  return !composite || composite->isForwardDecl() || composite->getTag() == llvm::dwarf::DW_TAG_enumeration_type ||
         composite->getTag() == llvm::dwarf::DW_TAG_array_type || !parts_of(*composite).empty();
}

std::optional<std::uint64_t> offset_of(const llvm::DICompositeType &type, llvm::StringRef name, unsigned depth) {
  for (const llvm::DIDerivedType *part : parts_of(type)) {
    const std::uint64_t offset = part->getOffsetInBits() / 8;
    if (part->getName() == name)
      return offset;
    const auto *inner = llvm::dyn_cast_if_present<llvm::DICompositeType>(plain_type(part->getBaseType()));
    if (!inner || depth == deepest)
      continue;
    if (const auto found = offset_of(*inner, name, depth + 1))
      return offset + *found;
  }
  return std::nullopt;
}

/// _Tuple_impl<I, …> has the base classes _Tuple_impl<I + 1, …> and _Head_base<I, …>, which has or is element I.
void find_elements(const llvm::DICompositeType &type, std::uint64_t offset, std::vector<tuple_element> &found) {
  for (const llvm::DIDerivedType *part : parts_of(type)) {
    const std::uint64_t at = offset + part->getOffsetInBits() / 8;
    const auto *inner = llvm::dyn_cast_if_present<llvm::DICompositeType>(plain_type(part->getBaseType()));
    if (part->getName() == "_M_head_impl")
      found.push_back({value_argument(type).value_or(0), part->getBaseType(), at});
    else if (inner)
      find_elements(*inner, at, found);
  }
}

} // namespace

bool is_in_std(const llvm::DIType &type) {
  const auto *space = llvm::dyn_cast_if_present<llvm::DINamespace>(type.getScope());
  while (space && (space->getExportSymbols() || space->getName() == "chrono") && space->getName() != "__1") // libc++'s
    space = llvm::dyn_cast_if_present<llvm::DINamespace>(space->getScope());
  return space && space->getName() == "std" && !space->getScope();
}

shape_kind library_kind(const llvm::DICompositeType &type) {
  using enum shape_kind;
  if (!is_in_std(type) || type.getTag() == llvm::dwarf::DW_TAG_union_type)
    return record;
  const llvm::StringRef name = type.getName();
  if (name.starts_with("vector<bool,"))
    return vector_of_bool;
  if ((name.starts_with("unique_ptr<") && type.getSizeInBits() != 64))
    return record;
  return llvm::StringSwitch<shape_kind>(name.take_until([](char letter) { return letter == '<'; }))
      .Case("basic_string", string)
      .Case("basic_string_view", string_view)
      .Case("vector", vector)
      .Case("span", span)
      .Case("optional", optional)
      .Case("variant", variant)
      .Case("unique_ptr", unique_ptr)
      .Cases({"shared_ptr", "weak_ptr"}, shared_ptr)
      .Case("coroutine_handle", coroutine_handle)
      .Case("deque", deque)
      .Case("function", function)
      .Cases({"map", "set", "multimap", "multiset", "list"}, container)
      .Cases({"unordered_map", "unordered_set", "unordered_multimap", "unordered_multiset"}, container)
      .Default(record);
}

std::vector<const llvm::DIType *> type_arguments(const llvm::DICompositeType &type) {
  std::vector<const llvm::DIType *> types;
  const auto add = [&](const llvm::Metadata *parameter) {
    if (const auto *one = llvm::dyn_cast_if_present<llvm::DITemplateTypeParameter>(parameter))
      types.push_back(one->getType());
  };
  for (const llvm::DINode *parameter : type.getTemplateParams()) {
    const auto *value = llvm::dyn_cast_if_present<llvm::DITemplateValueParameter>(parameter);
    const auto *pack = value && value->getTag() == llvm::dwarf::DW_TAG_GNU_template_parameter_pack
                           ? llvm::dyn_cast_if_present<llvm::MDTuple>(value->getValue())
                           : nullptr;
    if (pack)
      for (const llvm::MDOperand &operand : pack->operands())
        add(operand.get());
    else
      add(parameter);
  }
  return types;
}

std::optional<std::uint64_t> value_argument(const llvm::DICompositeType &type) {
  for (const llvm::DINode *parameter : type.getTemplateParams()) {
    const auto *value = llvm::dyn_cast_if_present<llvm::DITemplateValueParameter>(parameter);
    const auto *constant = value ? llvm::dyn_cast_if_present<llvm::ConstantAsMetadata>(value->getValue()) : nullptr;
    if (const auto *number = constant ? llvm::dyn_cast<llvm::ConstantInt>(constant->getValue()) : nullptr)
      return number->getZExtValue();
  }
  return std::nullopt;
}

std::vector<const llvm::DIDerivedType *> parts_of(const llvm::DICompositeType &type) {
  std::vector<const llvm::DIDerivedType *> parts;
  for (const llvm::DINode *element : type.getElements())
    if (const auto *part = llvm::dyn_cast_if_present<llvm::DIDerivedType>(element);
        part && is_member_or_base(*part) && has_data(part->getBaseType()))
      parts.push_back(part);
  return parts;
}

std::optional<std::uint64_t> offset_of(const llvm::DICompositeType &type, llvm::StringRef name) {
  return offset_of(type, name, 0);
}

std::vector<tuple_element> tuple_elements(const llvm::DICompositeType &type) {
  std::vector<tuple_element> found;
  find_elements(type, 0, found);
  std::ranges::sort(found, {}, &tuple_element::index);
  return found;
}

} // namespace coroscope::lowering
