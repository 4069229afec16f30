// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/stored_shape.h"

#include <llvm/ADT/BitVector.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/DataLayout.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace coroscope::lowering {
namespace {

constexpr std::uint64_t largest_slot = 16 * 1024;

class store_finder {
public:
  store_finder(std::uint64_t size, const llvm::DataLayout &layout)
      : bytes_(static_cast<unsigned>(size)), layout_(layout) {}

  llvm::BitVector operator()(const llvm::AllocaInst &slot) {
    pointers_.emplace_back(&slot, 0);
    while (!pointers_.empty()) {
      const auto [pointer, offset] = pointers_.pop_back_val();
      for (const llvm::User *user : pointer->users())
        if (!follow(*llvm::cast<llvm::Instruction>(user), *pointer, offset)) {
          bytes_.set();
          return bytes_;
        }
    }
    return bytes_;
  }

private:
  /// Whether it is known what the user does to the slot.
  bool follow(const llvm::Instruction &user, const llvm::Value &pointer, std::uint64_t offset) {
    if (const auto *gep = llvm::dyn_cast<llvm::GetElementPtrInst>(&user)) {
      llvm::APInt more(layout_.getIndexTypeSizeInBits(gep->getType()), 0);
      if (!gep->accumulateConstantOffset(layout_, more) || more.isNegative())
        return false;
      pointers_.emplace_back(gep, offset + more.getZExtValue());
      return true;
    }
    if (const auto *store = llvm::dyn_cast<llvm::StoreInst>(&user)) {
      const llvm::TypeSize size = layout_.getTypeStoreSize(store->getValueOperand()->getType());
      return store->getValueOperand() != &pointer && !size.isScalable() && write(offset, size.getFixedValue());
    }
    if (const auto *copy = llvm::dyn_cast<llvm::MemIntrinsic>(&user)) {
      const auto *size = llvm::dyn_cast<llvm::ConstantInt>(copy->getLength());
      return copy->getRawDest() != &pointer || (size && write(offset, size->getZExtValue()));
    }
    return llvm::isa<llvm::LoadInst, llvm::ICmpInst>(user) || user.isLifetimeStartOrEnd() || user.isDroppable();
  }

  bool write(std::uint64_t offset, std::uint64_t size) {
    const std::uint64_t end = std::min<std::uint64_t>(offset + size, bytes_.size());
    if (offset < end)
      bytes_.set(static_cast<unsigned>(offset), static_cast<unsigned>(end));
    return true;
  }

  llvm::BitVector bytes_;
  const llvm::DataLayout &layout_;
  llvm::SmallVector<std::pair<const llvm::Value *, std::uint64_t>> pointers_;
};

class shape_writer {
public:
  shape_writer(const llvm::BitVector &stored, std::vector<lowered_shape> &shapes) : stored_(stored), shapes_(shapes) {}

  unsigned operator()(unsigned index, std::uint64_t offset) {
    using enum shape_kind;
    lowered_shape shape = shapes_[index];
    switch (shape.kind) {
    case opaque:
    case unstored:
      return index;
    case record:
      for (lowered_shape_member &member : shape.members)
        member.shape = member_shape(member, offset);
      break;
    case optional:
      if (!is_stored(offset + shapes_[*shape.element].size, 1))
        return nothing(shape);
      shape.element = (*this)(*shape.element, offset);
      break;
    case variant:
      return is_stored(offset + shape.count, 1) ? index : nothing(shape);
    case container:
    case function:
      return is_stored(offset + shape.count, sizeof(std::uint64_t)) ? index : nothing(shape);
    case shared_ptr: // its pointer; who counts its owners is behind it
      return is_stored(offset, shape.size / 2) ? index : nothing(shape);
    case union_of:
    case array: // one that is filled as it is needed has elements without a value at any level
      return any_is_stored(offset, shape.size) ? index : nothing(shape);
    case string: // its pointer and its length
      return is_stored(offset, shape.size / 2) ? index : nothing(shape);
    default:
      return is_stored(offset, shape.size) ? index : nothing(shape);
    }
    return shape == shapes_[index] ? index : number_of(std::move(shape));
  }

private:
  unsigned member_shape(const lowered_shape_member &member, std::uint64_t offset) {
    if (member.bit_size == 0)
      return (*this)(member.shape, offset + member.offset);
    const std::uint64_t size = (member.bit_offset + member.bit_size + 7) / 8;
    return is_stored(offset + member.offset, size) ? member.shape : nothing(shapes_[member.shape]);
  }

  bool is_stored(std::uint64_t offset, std::uint64_t size) const {
    return offset + size > stored_.size() || size == 0 ||
           stored_.find_first_unset_in(static_cast<unsigned>(offset), static_cast<unsigned>(offset + size)) < 0;
  }
  bool any_is_stored(std::uint64_t offset, std::uint64_t size) const {
    return offset + size > stored_.size() || size == 0 ||
           stored_.find_first_in(static_cast<unsigned>(offset), static_cast<unsigned>(offset + size)) >= 0;
  }

  unsigned nothing(const lowered_shape &shape) {
    return number_of({.kind = shape_kind::unstored, .name = shape.name, .size = shape.size});
  }

  unsigned number_of(lowered_shape shape) {
    const auto known = std::ranges::find(shapes_, shape);
    const auto number = static_cast<unsigned>(known - shapes_.begin());
    if (known == shapes_.end())
      shapes_.push_back(std::move(shape));
    return number;
  }

  const llvm::BitVector &stored_;
  std::vector<lowered_shape> &shapes_;
};

/// One bit a byte of the slot; none for a large one.
llvm::BitVector stored_bytes(const llvm::AllocaInst &slot) {
  const llvm::DataLayout &layout = slot.getDataLayout();
  const std::optional<llvm::TypeSize> size = slot.getAllocationSize(layout);
  if (!size || size->isScalable() || size->getFixedValue() > largest_slot)
    return {};
  return store_finder(size->getFixedValue(), layout)(slot);
}

} // namespace

unsigned stored_shape(const llvm::AllocaInst &slot, unsigned shape, std::vector<lowered_shape> &shapes) {
  const llvm::BitVector stored = stored_bytes(slot);
  return stored.all() ? shape : shape_writer(stored, shapes)(shape, 0);
}

} // namespace coroscope::lowering
