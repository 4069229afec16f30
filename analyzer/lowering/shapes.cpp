// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A pointer's shape tells what it points to where that is small; what that points to in turn it does not tell, so that
// shapes are few. Of the standard library's classes those are known by name that a reader wants to see the value of and
// not the members; of the others those with one member are that member.
#include "lowering/shapes.h"

#include "lowering/library_class.h"
#include "lowering/member_path.h"
#include "lowering/stored_shape.h"
#include "lowering/type_name.h"
#include "lowering/variable.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>

#include <algorithm>
#include <initializer_list>
#include <map>

namespace coroscope::lowering {
namespace {

/// What pointers found in the variable itself point to is told as well; what those that are found there do is not.
enum class pointees { told, untold };

constexpr std::uint64_t largest_pointee = 512; ///< bytes
constexpr std::size_t most_alternatives = 64;  ///< of a variant

shape_kind number_kind(const llvm::DIBasicType &type) {
  switch (type.getEncoding()) {
  case llvm::dwarf::DW_ATE_boolean:
    return shape_kind::boolean;
  case llvm::dwarf::DW_ATE_float:
    return shape_kind::floating;
  case llvm::dwarf::DW_ATE_signed:
    return type.getName() == "wchar_t" ? shape_kind::character : shape_kind::signed_integer;
  case llvm::dwarf::DW_ATE_signed_char:
  case llvm::dwarf::DW_ATE_unsigned_char:
    return type.getName() == "char"                                ? shape_kind::character
           : type.getEncoding() == llvm::dwarf::DW_ATE_signed_char ? shape_kind::signed_integer
                                                                   : shape_kind::unsigned_integer;
  case llvm::dwarf::DW_ATE_unsigned:
    return shape_kind::unsigned_integer;
  case llvm::dwarf::DW_ATE_UTF: // char8_t, char16_t, char32_t
    return shape_kind::character;
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

  /// Of an array without a size, as a unique_ptr owns, the first element.
  std::optional<unsigned> pointee(const llvm::DIType *type) {
    type = plain_type(type);
    const auto *composite = llvm::dyn_cast_if_present<llvm::DICompositeType>(type);
    if (composite && composite->getTag() == llvm::dwarf::DW_TAG_array_type && type->getSizeInBits() == 0)
      return pointee(composite->getBaseType());
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
      return read_array(type, shape, which);
    case llvm::dwarf::DW_TAG_union_type:
      return read_members(type, shape, shape_kind::union_of, pointees::untold);
    case llvm::dwarf::DW_TAG_structure_type:
    case llvm::dwarf::DW_TAG_class_type:
      return read_class(type, shape, which);
    default:
      return;
    }
  }

  void read_array(const llvm::DICompositeType &type, lowered_shape &shape, pointees which) {
    shape.element = add(type.getBaseType(), which);
    const std::uint64_t element = shape.element ? shapes_[*shape.element].size : 0;
    if (element == 0 || type.isVector())
      return;
    shape.kind = shape_kind::array;
    shape.count = shape.size / element; // of all dimensions
    const std::vector<std::uint64_t> dimensions = dimensions_of(type);
    for (std::size_t i = dimensions.size(); i-- > 1;) {
      const std::uint64_t size = dimensions[i] * shapes_[*shape.element].size;
      shapes_.push_back({.kind = shape_kind::array, .size = size, .element = shape.element, .count = dimensions[i]});
      shape.element = static_cast<unsigned>(shapes_.size() - 1);
      shape.count /= dimensions[i];
    }
  }

  /// None where one of them is not known.
  static std::vector<std::uint64_t> dimensions_of(const llvm::DICompositeType &type) {
    std::vector<std::uint64_t> counts;
    for (const llvm::DINode *element : type.getElements()) {
      const auto *range = llvm::dyn_cast_if_present<llvm::DISubrange>(element);
      const auto *count = range ? llvm::dyn_cast_if_present<llvm::ConstantInt *>(range->getCount()) : nullptr;
      if (!count || count->getSExtValue() <= 0)
        return {};
      counts.push_back(count->getZExtValue());
    }
    return counts;
  }

  void read_class(const llvm::DICompositeType &type, lowered_shape &shape, pointees which) {
    using enum shape_kind;
    const std::vector<const llvm::DIType *> arguments = type_arguments(type);
    const llvm::DIType *first = arguments.empty() ? nullptr : arguments.front();
    const shape_kind kind = library_kind(type);
    if (type.isForwardDecl() && kind != string && kind != string_view)
      return;
    switch (kind) {
    case string:
    case string_view:
      shape.kind = kind; // and its size, also where only a declaration is in the debug info of this unit
      shape.size = kind == string ? 32 : 16;
      shape.element = add(first, which);
      return;
    case vector:
      shape.kind = kind;
      shape.element = add(first, which);
      return;
    case span:
      shape.kind = kind;
      shape.element = add(first, which);
      shape.count = value_argument(type).value_or(0);
      return;
    case unique_ptr:
    case shared_ptr:
      shape.kind = kind;
      if (which == pointees::told)
        shape.element = pointee(first);
      return;
    case optional:
      shape.element = add(first, which);
      shape.kind = shape.element ? kind : opaque;
      return;
    case coroutine_handle:
    case vector_of_bool:
      shape.kind = kind;
      return;
    case deque:
      shape.kind = kind;
      shape.element = add(first, pointees::untold);
      return;
    case function:
      return read_sized(type, shape, kind, {"_M_manager"});
    case variant:
      return read_variant(type, shape, arguments, which);
    case container:
      return read_sized(type, shape, kind, {"_M_node_count", "_M_element_count", "_M_size"});
    default:
      return read_record(type, shape, which);
    }
  }

  void read_variant(const llvm::DICompositeType &type, lowered_shape &shape,
                    const std::vector<const llvm::DIType *> &alternatives, pointees which) {
    const std::optional<std::uint64_t> index = offset_of(type, "_M_index");
    if (!index || alternatives.empty() || alternatives.size() > most_alternatives)
      return;
    shape.kind = shape_kind::variant;
    shape.count = *index;
    for (const llvm::DIType *alternative : alternatives)
      if (const std::optional<unsigned> one = add(alternative, which))
        shape.members.push_back({.name = shapes_[*one].name, .shape = *one});
    if (shape.members.size() != alternatives.size())
      shape = {.name = shape.name, .size = shape.size};
  }

  /// One of the members tells what a reader wants to know.
  static void read_sized(const llvm::DICompositeType &type, lowered_shape &shape, shape_kind kind,
                         std::initializer_list<const char *> members) {
    for (const char *name : members)
      if (const std::optional<std::uint64_t> offset = offset_of(type, name)) {
        shape.kind = kind;
        shape.count = *offset;
        return;
      }
  }

  void read_record(const llvm::DICompositeType &type, lowered_shape &shape, pointees which) {
    if (is_in_std(type) && type.getName().starts_with("tuple<")) {
      shape.kind = shape_kind::record;
      for (const tuple_element &element : tuple_elements(type))
        if (const std::optional<unsigned> one = add(element.type, which))
          shape.members.push_back(
              {.name = "[" + std::to_string(element.index) + "]", .offset = element.offset, .shape = *one});
      return;
    }
    if (is_in_std(type))
      if (const auto parts = parts_of(type); parts.size() == 1 && parts[0]->getOffsetInBits() == 0)
        if (const auto only = add(parts[0]->getBaseType(), which); only && shapes_[*only].size == shape.size) {
          const std::string name = std::move(shape.name);
          shape = shapes_[*only];
          shape.name = name;
          return;
        }
    read_members(type, shape, shape_kind::record, which);
  }

  void read_members(const llvm::DICompositeType &type, lowered_shape &shape, shape_kind kind, pointees which) {
    shape.kind = kind;
    for (const llvm::DINode *element : type.getElements())
      if (const auto *member = llvm::dyn_cast_if_present<llvm::DIDerivedType>(element))
        add_member(*member, shape, which);
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
  if (shapes[of].kind != shape_kind::record)
    return std::nullopt;
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
