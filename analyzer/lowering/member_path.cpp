// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/member_path.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfoMetadata.h>

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
    if (!member || member->isStaticMember() ||
        (member->getTag() != llvm::dwarf::DW_TAG_member && member->getTag() != llvm::dwarf::DW_TAG_inheritance))
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
