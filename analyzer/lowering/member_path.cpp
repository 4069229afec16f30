// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/member_path.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfoMetadata.h>

#include <tuple>
#include <utility>

namespace coroscope::lowering {

const llvm::DIType *plain_type(const llvm::DIType *type) {
  while (const auto *derived = llvm::dyn_cast_if_present<llvm::DIDerivedType>(type)) {
    const unsigned tag = derived->getTag();
    if (tag != llvm::dwarf::DW_TAG_typedef && tag != llvm::dwarf::DW_TAG_const_type &&
        tag != llvm::dwarf::DW_TAG_volatile_type)
      break;
    type = derived->getBaseType();
  }
  return type;
}

const llvm::DIType *pointee(const llvm::DIType *type) {
  const auto *derived = llvm::dyn_cast_if_present<llvm::DIDerivedType>(plain_type(type));
  const unsigned tag = derived ? derived->getTag() : 0u;
  const bool points = tag == llvm::dwarf::DW_TAG_pointer_type || tag == llvm::dwarf::DW_TAG_reference_type ||
                      tag == llvm::dwarf::DW_TAG_rvalue_reference_type;
  return points ? derived->getBaseType() : nullptr;
}

namespace {

bool is_data(const llvm::DIDerivedType &member) {
  return !member.isStaticMember() &&
         (member.getTag() == llvm::dwarf::DW_TAG_member || member.getTag() == llvm::dwarf::DW_TAG_inheritance);
}

/// What lies at an offset of a class or array, and the offset into that; null for none. An empty base may lie where the
/// first member does: what is smaller than `size` is passed over.
std::pair<const llvm::DIType *, std::uint64_t> part_at(const llvm::DICompositeType &type, std::uint64_t offset,
                                                       std::uint64_t size) {
  if (type.getTag() == llvm::dwarf::DW_TAG_array_type) {
    const std::uint64_t step = type.getBaseType() ? type.getBaseType()->getSizeInBits() / 8 : 0;
    return step == 0 ? std::pair(static_cast<const llvm::DIType *>(nullptr), std::uint64_t{0})
                     : std::pair(static_cast<const llvm::DIType *>(type.getBaseType()), offset % step);
  }
  if (type.getTag() == llvm::dwarf::DW_TAG_union_type)
    return {};
  for (const llvm::DINode *element : type.getElements()) {
    const auto *member = llvm::dyn_cast_if_present<llvm::DIDerivedType>(element);
    if (!member || !is_data(*member))
      continue;
    const std::uint64_t begin = member->getOffsetInBits() / 8;
    const llvm::DIType *inner = plain_type(member->getBaseType());
    const std::uint64_t bytes = inner ? inner->getSizeInBits() / 8 : 0;
    if (offset >= begin && offset + size <= begin + bytes)
      return {member->getBaseType(), offset - begin};
  }
  return {};
}

} // namespace

const llvm::DIType *member_type(const llvm::DIType *type, std::uint64_t offset, std::uint64_t size) {
  const llvm::DIType *found = nullptr;
  while (type) {
    const llvm::DIType *plain = plain_type(type);
    if (!plain)
      break;
    const bool is_reference = plain->getTag() == llvm::dwarf::DW_TAG_reference_type ||
                              plain->getTag() == llvm::dwarf::DW_TAG_rvalue_reference_type;
    const std::uint64_t bytes = is_reference && plain->getSizeInBits() == 0 ? 8 : plain->getSizeInBits() / 8;
    if (offset == 0 && bytes == size)
      found = type;
    const auto *composite = llvm::dyn_cast<llvm::DICompositeType>(plain);
    if (!composite || composite->getTag() == llvm::dwarf::DW_TAG_enumeration_type)
      break;
    std::tie(type, offset) = part_at(*composite, offset, size);
  }
  return found;
}

const llvm::DIType *member_at(const llvm::DIType *type, std::uint64_t offset) {
  while (type && offset != 0) {
    const auto *composite = llvm::dyn_cast_if_present<llvm::DICompositeType>(plain_type(type));
    if (!composite || composite->getTag() == llvm::dwarf::DW_TAG_enumeration_type)
      return nullptr;
    std::tie(type, offset) = part_at(*composite, offset, 1);
  }
  return type;
}

std::optional<std::string> member_path(const llvm::DIType *type, std::uint64_t offset) {
  if (offset == 0)
    return "";
  const auto *composite = llvm::dyn_cast_if_present<llvm::DICompositeType>(plain_type(type));
  if (!composite)
    return std::nullopt;
  if (composite->getTag() == llvm::dwarf::DW_TAG_array_type) {
    const std::uint64_t size = composite->getBaseType() ? composite->getBaseType()->getSizeInBits() / 8 : 0;
    // Elements of several dimensions lie in one row; only the first dimension's index could be told.
    if (size == 0 || composite->getElements().size() != 1)
      return std::nullopt;
    const auto rest = member_path(composite->getBaseType(), offset % size);
    return rest ? std::optional("[" + std::to_string(offset / size) + "]" + *rest) : std::nullopt;
  }
  for (const llvm::DINode *element : composite->getElements()) {
    const auto *member = llvm::dyn_cast_if_present<llvm::DIDerivedType>(element);
    if (!member || !is_data(*member))
      continue;
    const std::uint64_t begin = member->getOffsetInBits() / 8;
    const llvm::DIType *inner = plain_type(member->getBaseType());
    const std::uint64_t size = inner ? inner->getSizeInBits() / 8 : 0;
    if (offset < begin || offset >= begin + size)
      continue;
    const auto rest = member_path(inner, offset - begin);
    if (!rest)
      return std::nullopt;
    return (member->getName().empty() || member->getTag() == llvm::dwarf::DW_TAG_inheritance
                ? ""
                : "." + member->getName().str()) +
           *rest;
  }
  return std::nullopt;
}

} // namespace coroscope::lowering
