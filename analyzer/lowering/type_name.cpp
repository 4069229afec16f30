// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/type_name.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/DerivedTypes.h>
#include <llvm/Support/raw_ostream.h>

namespace coroscope::lowering {
namespace {

/// The class templates of the standard library that have a shorter name.
std::string with_aliases(std::string name) {
  static constexpr std::pair<std::string_view, std::string_view> aliases[] = {
      {"basic_string<char, std::char_traits<char>, std::allocator<char> >", "string"},
      {"basic_string_view<char, std::char_traits<char> >", "string_view"},
      {"basic_ostream<char, std::char_traits<char> >", "ostream"},
      {"basic_istream<char, std::char_traits<char> >", "istream"}};
  for (const auto &[written, alias] : aliases)
    for (std::size_t at = name.find(written); at != std::string::npos; at = name.find(written, at + alias.size())) {
      std::size_t from = at;
      for (const std::string_view scope : {"__cxx11::", "std::"})
        if (std::string_view(name).substr(0, from).ends_with(scope))
          from -= scope.size();
      name.replace(from, at + written.size() - from, "std::" + std::string(alias));
      at = from + 5;
    }
  return name;
}

std::string array_name(const llvm::DICompositeType &type) {
  std::string name = type_name(type.getBaseType());
  for (const llvm::DINode *element : type.getElements())
    if (const auto *extent = llvm::dyn_cast<llvm::DISubrange>(element)) {
      const auto *count = llvm::dyn_cast_if_present<llvm::ConstantInt *>(extent->getCount());
      name += count ? "[" + std::to_string(count->getSExtValue()) + "]" : "[]";
    }
  return name;
}

/// "std::size_t".
std::string scoped_name(const llvm::DIDerivedType &type) {
  const auto *space = llvm::dyn_cast_if_present<llvm::DINamespace>(type.getScope());
  const bool is_standard = space && space->getName() == "std";
  return (is_standard ? "std::" : "") + type.getName().str();
}

/// "int (char, long)"; with "(*)" before the parameters for a pointer to it.
std::string function_name(const llvm::DISubroutineType &type, const std::string &between) {
  std::string text = type.getTypeArray().size() == 0 ? "void" : type_name(type.getTypeArray()[0]);
  text += " " + between + "(";
  for (unsigned i = 1; i < type.getTypeArray().size(); ++i)
    text += (i == 1 ? "" : ", ") + (type.getTypeArray()[i] ? type_name(type.getTypeArray()[i]) : "...");
  return text + ")";
}

std::string derived_name(const llvm::DIDerivedType &type) {
  const std::string base = type.getBaseType() ? type_name(type.getBaseType()) : "void";
  const auto *function = llvm::dyn_cast_if_present<llvm::DISubroutineType>(type.getBaseType());
  switch (type.getTag()) {
  case llvm::dwarf::DW_TAG_pointer_type:
    return function ? function_name(*function, "(*)") : base + " *";
  case llvm::dwarf::DW_TAG_reference_type:
    return function ? function_name(*function, "(&)") : base + " &";
  case llvm::dwarf::DW_TAG_rvalue_reference_type:
    return function ? function_name(*function, "(&&)") : base + " &&";
  case llvm::dwarf::DW_TAG_const_type:
    return base.ends_with('*') ? base + "const" : "const " + base;
  case llvm::dwarf::DW_TAG_volatile_type:
    return "volatile " + base;
  case llvm::dwarf::DW_TAG_typedef:
    // A name of a class's own ("pointer", "size_type") says nothing without the class.
    return llvm::isa_and_present<llvm::DICompositeType>(type.getScope()) ? base : scoped_name(type);
  default:
    return type.getName().empty() ? base : type.getName().str();
  }
}

} // namespace

std::string type_name(const llvm::DIType *type) {
  if (!type)
    return "void";
  if (const auto *derived = llvm::dyn_cast<llvm::DIDerivedType>(type))
    return derived_name(*derived);
  if (const auto *composite = llvm::dyn_cast<llvm::DICompositeType>(type);
      composite && composite->getTag() == llvm::dwarf::DW_TAG_array_type)
    return array_name(*composite);
  if (const auto *function = llvm::dyn_cast<llvm::DISubroutineType>(type))
    return function_name(*function, "");
  if (type->getName().empty() && type->getTag() == llvm::dwarf::DW_TAG_class_type)
    return "(lambda)"; // a closure is the class without a name that variables have
  return with_aliases(type->getName().str());
}

std::string type_name(const llvm::Type &type) {
  if (const auto *structure = llvm::dyn_cast<llvm::StructType>(&type); structure && structure->hasName()) {
    llvm::StringRef name = structure->getName();
    for (llvm::StringRef prefix : {"class.", "struct.", "union."})
      if (name.consume_front(prefix))
        break;
    // LLVM makes names unique with a number behind a dot.
    const std::size_t dot = name.rfind('.');
    if (dot != llvm::StringRef::npos && name.substr(dot + 1).find_first_not_of("0123456789") == llvm::StringRef::npos)
      name = name.take_front(dot);
    return name.str();
  }
  if (const auto *array = llvm::dyn_cast<llvm::ArrayType>(&type))
    return type_name(*array->getElementType()) + "[" + std::to_string(array->getNumElements()) + "]";
  if (type.isPointerTy())
    return "pointer";
  if (type.isIntegerTy())
    return type.isIntegerTy(1) ? "bool" : std::to_string((type.getIntegerBitWidth() + 7) / 8) + "-byte integer";
  if (type.isFloatTy() || type.isDoubleTy())
    return type.isFloatTy() ? "float" : "double";
  std::string text;
  llvm::raw_string_ostream stream(text);
  type.print(stream);
  return text;
}

} // namespace coroscope::lowering
