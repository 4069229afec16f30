// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A pointer's shape tells what it points to where that is small; what that points to in turn it does not tell, so that
// shapes are few. Of the standard library's classes those are known by name that a reader wants to see the value of and
// not the members.
#include "lowering/shapes.h"

#include "lowering/member_path.h"
#include "lowering/stored_shape.h"
#include "lowering/type_name.h"
#include "lowering/variable.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>

#include <algorithm>
#include <map>

namespace coroscope::lowering {
namespace {

/// What pointers found in the variable itself point to is told as well; what those that are found there do is not.
enum class pointees { told, untold };

constexpr std::uint64_t largest_pointee = 512; ///< bytes

/// Of libstdc++, whose layouts the reader of a recording knows.
bool is_in_std(const llvm::DIType &type) {
  const auto *space = llvm::dyn_cast_if_present<llvm::DINamespace>(type.getScope());
  while (space && space->getExportSymbols() && space->getName() != "__1") // libc++'s
    space = llvm::dyn_cast_if_present<llvm::DINamespace>(space->getScope());
  return space && space->getName() == "std" && !space->getScope();
}

shape_kind library_kind(const llvm::DICompositeType &type) {
  if (!is_in_std(type))
    return shape_kind::record;
  const llvm::StringRef name = type.getName();
  if (name.starts_with("basic_string<char,"))
    return shape_kind::string;
  if (name.starts_with("basic_string_view<char,"))
    return shape_kind::string_view;
  if (name.starts_with("vector<") && !name.starts_with("vector<bool,"))
    return shape_kind::vector;
  if (name.starts_with("optional<"))
    return shape_kind::optional;
  if (name.starts_with("unique_ptr<") && type.getSizeInBits() == 64)
    return shape_kind::unique_ptr;
  if (name.starts_with("coroutine_handle<"))
    return shape_kind::coroutine_handle;
  return shape_kind::record;
}

shape_kind number_kind(const llvm::DIBasicType &type) {
  switch (type.getEncoding()) {
  case llvm::dwarf::DW_ATE_boolean:
    return shape_kind::boolean;
  case llvm::dwarf::DW_ATE_float:
    return shape_kind::floating;
  case llvm::dwarf::DW_ATE_signed:
    return shape_kind::signed_integer;
  case llvm::dwarf::DW_ATE_signed_char:
  case llvm::dwarf::DW_ATE_unsigned_char:
    return type.getName() == "char"                                ? shape_kind::character
           : type.getEncoding() == llvm::dwarf::DW_ATE_signed_char ? shape_kind::signed_integer
                                                                   : shape_kind::unsigned_integer;
  case llvm::dwarf::DW_ATE_unsigned:
  case llvm::dwarf::DW_ATE_UTF:
    return shape_kind::unsigned_integer;
  default:
    return shape_kind::opaque;
  }
}

shape_kind pointer_kind(const llvm::DIDerivedType &type) {
  const auto *target = llvm::dyn_cast_if_present<llvm::DIBasicType>(plain_type(type.getBaseType()));
  return type.getTag() == llvm::dwarf::DW_TAG_pointer_type && target && target->getName() == "char"
             ? shape_kind::c_string
             : shape_kind::pointer;
}

class shape_reader {
public:
  explicit shape_reader(std::vector<lowered_shape> &shapes) : shapes_(shapes) {}

  std::optional<unsigned> add(const llvm::DIType *type, pointees which) {
    type = plain_type(type);
    if (!type)
      return std::nullopt;
    if (llvm::isa<llvm::DIBasicType>(type))
      which = pointees::told; // has none
    const auto [known, is_new] = known_.try_emplace({type, which}, static_cast<unsigned>(shapes_.size()));
    const unsigned index = known->second;
    if (!is_new)
      return index;
    shapes_.push_back({.name = type_name(type), .size = type->getSizeInBits() / 8});
    lowered_shape shape = shapes_[index];
    if (const auto *basic = llvm::dyn_cast<llvm::DIBasicType>(type))
      shape.kind = number_kind(*basic);
    else if (const auto *derived = llvm::dyn_cast<llvm::DIDerivedType>(type))
      read_pointer(*derived, shape, which);
    else if (const auto *composite = llvm::dyn_cast<llvm::DICompositeType>(type))
      read(*composite, shape, which);
    shapes_[index] = std::move(shape);
    return index;
  }

private:
  void read_pointer(const llvm::DIDerivedType &type, lowered_shape &shape, pointees which) {
    if (type.getTag() == llvm::dwarf::DW_TAG_ptr_to_member_type)
      return;
    shape.kind = pointer_kind(type);
    if (shape.kind == shape_kind::pointer && which == pointees::told)
      shape.element = pointee(type.getBaseType());
  }

  std::optional<unsigned> pointee(const llvm::DIType *type) {
    type = plain_type(type);
    const auto *composite = llvm::dyn_cast_if_present<llvm::DICompositeType>(type);
    const bool is_text = composite && (library_kind(*composite) == shape_kind::string ||
                                       library_kind(*composite) == shape_kind::string_view);
    if (!type || (!is_text && (type->getSizeInBits() == 0 || type->getSizeInBits() / 8 > largest_pointee)))
      return std::nullopt;
    const std::optional<unsigned> shape = add(type, pointees::untold);
    return shape && shapes_[*shape].kind != shape_kind::opaque ? shape : std::nullopt;
  }

  void read(const llvm::DICompositeType &type, lowered_shape &shape, pointees which) {
    switch (type.getTag()) {
    case llvm::dwarf::DW_TAG_enumeration_type:
      shape.kind = shape_kind::enumeration;
      for (const llvm::DINode *element : type.getElements())
        if (const auto *one = llvm::dyn_cast_if_present<llvm::DIEnumerator>(element))
          shape.enumerators.emplace_back(one->getValue().getSExtValue(), one->getName().str());
      return;
    case llvm::dwarf::DW_TAG_array_type:
      return read_array(type, shape);
    case llvm::dwarf::DW_TAG_structure_type:
    case llvm::dwarf::DW_TAG_class_type:
      return read_class(type, shape, which);
    default:
      return;
    }
  }

  void read_array(const llvm::DICompositeType &type, lowered_shape &shape) {
    shape.element = add(type.getBaseType(), pointees::untold);
    const std::uint64_t element = shape.element ? shapes_[*shape.element].size : 0;
    if (element == 0 || type.isVector())
      return;
    shape.kind = shape_kind::array;
    shape.count = shape.size / element; // of all dimensions
  }

  void read_class(const llvm::DICompositeType &type, lowered_shape &shape, pointees which) {
    shape.kind = library_kind(type);
    // Where only their declaration is in the debug info of this unit, their sizes are known all the same.
    if (type.isForwardDecl())
      shape.size = shape.kind == shape_kind::string ? 32 : shape.kind == shape_kind::string_view ? 16 : 0;
    if (shape.kind == shape_kind::vector)
      shape.element = add(first_argument(type), pointees::untold);
    if (shape.kind == shape_kind::optional)
      shape.element = add(first_argument(type), which);
    if (shape.kind == shape_kind::unique_ptr && which == pointees::told)
      shape.element = pointee(first_argument(type));
    if (shape.kind == shape_kind::optional && !shape.element)
      shape.kind = shape_kind::opaque;
    if (shape.kind != shape_kind::record)
      return;
    if (type.isForwardDecl())
      shape.kind = shape_kind::opaque;
    for (const llvm::DINode *element : type.getElements())
      if (const auto *member = llvm::dyn_cast_if_present<llvm::DIDerivedType>(element))
        add_member(*member, shape, which);
  }

  static const llvm::DIType *first_argument(const llvm::DICompositeType &type) {
    for (const llvm::DINode *parameter : type.getTemplateParams())
      if (const auto *one = llvm::dyn_cast_if_present<llvm::DITemplateTypeParameter>(parameter))
        return one->getType();
    return nullptr;
  }

  void add_member(const llvm::DIDerivedType &member, lowered_shape &shape, pointees which) {
    const bool is_base = member.getTag() == llvm::dwarf::DW_TAG_inheritance;
    if (member.isStaticMember() || (!is_base && member.getTag() != llvm::dwarf::DW_TAG_member) || member.isVirtual())
      return;
    const std::optional<unsigned> type = add(member.getBaseType(), which);
    if (!type)
      return;
    lowered_shape_member one{.name = is_base ? "" : member.getName().str(), .shape = *type};
    if (member.isBitField()) {
      one.bit_size = static_cast<unsigned>(member.getSizeInBits());
      one.bit_offset = static_cast<unsigned>(member.getOffsetInBits() % 8);
    }
    one.offset = member.getOffsetInBits() / 8;
    shape.members.push_back(std::move(one));
  }

  std::vector<lowered_shape> &shapes_;
  std::map<std::pair<const llvm::DIType *, pointees>, unsigned> known_;
};

/// The member, at any depth, that is just these bytes.
std::optional<unsigned> member_at(const std::vector<lowered_shape> &shapes, unsigned of, std::uint64_t offset,
                                  std::uint64_t size) {
  if (offset == 0 && shapes[of].size == size)
    return of;
  for (const lowered_shape_member &member : shapes[of].members)
    if (member.bit_size == 0 && member.offset <= offset && offset + size <= member.offset + shapes[member.shape].size)
      return member_at(shapes, member.shape, offset - member.offset, size);
  return std::nullopt;
}

std::uint64_t bytes_of(const llvm::Value &value, const llvm::DataLayout &layout) {
  const auto *slot = llvm::dyn_cast<llvm::AllocaInst>(&value);
  const auto size = slot ? slot->getAllocationSize(layout) : std::optional(layout.getTypeStoreSize(value.getType()));
  return size && !size->isScalable() ? size->getFixedValue() : 0;
}

} // namespace

void add_shapes(llvm::Function &coroutine, described_values &values, std::vector<lowered_shape> &shapes) {
  shape_reader read(shapes);
  const auto add = [&](llvm::Value &value) {
    const auto known = value.hasName() ? values.find(value.getName()) : values.end();
    if (known == values.end() || !value.getType()->isSized() || !bindings_in(value).empty())
      return;
    const llvm::DbgVariableRecord *record = variable_of(value);
    if (!record || !known->second.frame_of.empty())
      return;
    const std::optional<unsigned> whole = read.add(record->getVariable()->getType(), pointees::told);
    const std::uint64_t size = bytes_of(value, coroutine.getDataLayout());
    const auto part = part_of(*record).value_or(std::pair<std::uint64_t, std::uint64_t>(0, size));
    if (!whole || part.second != size)
      return;
    std::optional<unsigned> &shape = known->second.shape;
    shape = member_at(shapes, *whole, part.first, size);
    if (const auto *slot = llvm::dyn_cast<llvm::AllocaInst>(&value); slot && shape)
      shape = stored_shape(*slot, *shape, shapes);
  };
  for (llvm::Argument &argument : coroutine.args())
    add(argument);
  for (llvm::Instruction &instruction : llvm::instructions(coroutine))
    add(instruction);
}

} // namespace coroscope::lowering
