// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the table gets into the object file: as JSON that the recorder copies into the recording unread, and for the
// recorder itself as numbers.
#include "instrument/unit_table.h"

#include <coroscope/trace.h>

#include <llvm/Demangle/Demangle.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/DerivedTypes.h>
#include <llvm/IR/GlobalVariable.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/ModuleUtils.h>

#include <algorithm>
#include <cstring>
#include <map>

namespace coroscope::instrument {
namespace {

/// Before every static object of the program, whose constructors may run coroutines.
constexpr int constructor_priority = 1;

constexpr std::size_t words_of_pointer = sizeof(coroscope_trace_pointer) / sizeof(std::uint32_t);
constexpr std::size_t most_pointers = 32;   ///< of a resident
constexpr unsigned deepest = 3;             ///< pointers that lead to pointers
constexpr std::uint64_t most_elements = 16; ///< of an array, that are looked into
constexpr std::size_t most_windows = 256;

/// What says whether an object is there.
struct presence {
  enum : std::uint8_t { always, while_not_zero, while_equal } kind = always;
  std::uint64_t flag = 0; ///< offset of a byte
  std::uint64_t value = 0;
};

/// The objects of a resident whose contents stand elsewhere, and those in these contents.
class pointer_finder {
public:
  /// `alive` is of the 64 ordinals from `window` * 64 on.
  pointer_finder(const std::vector<lowering::lowered_shape> &shapes, std::uint8_t window, std::uint64_t alive,
                 std::vector<coroscope_trace_pointer> &found)
      : shapes_(shapes), window_(window), alive_(alive), found_(found), most_(found.size() + most_pointers) {}

  /// `offset` is from the frame's start, or from that of what the object above leads to.
  void find(unsigned index, std::uint64_t offset, const presence &there = {}, unsigned depth = 0) {
    using enum lowering::shape_kind;
    const lowering::lowered_shape &shape = shapes_[index];
    switch (shape.kind) {
    case string:
      return add(coroscope_trace_string, size_of(shape.element), offset, there, depth);
    case string_view:
      return add(coroscope_trace_view, size_of(shape.element), offset, there, depth);
    case c_string:
      return add(coroscope_trace_c_string, 1, offset, there, depth);
    case vector:
      return add_with_parts(coroscope_trace_vector, shape, offset, there, depth);
    case span: // of a known length it is a pointer
      return shape.size == sizeof(std::uint64_t)
                 ? add(coroscope_trace_object, shape.count * size_of(shape.element), offset, there, depth)
                 : add(coroscope_trace_span, size_of(shape.element), offset, there, depth);
    case pointer:
    case unique_ptr:
    case shared_ptr:
      return add_with_parts(coroscope_trace_object, shape, offset, there, depth);
    case optional:
      return find(*shape.element, offset, {.kind = presence::while_not_zero, .flag = offset + size_of(shape.element)},
                  depth);
    case variant:
      for (std::size_t i = 0; i < shape.members.size(); ++i)
        find(shape.members[i].shape, offset, {.kind = presence::while_equal, .flag = offset + shape.count, .value = i},
             depth);
      return;
    case array:
      for (std::uint64_t i = 0; i < std::min(shape.count, most_elements); ++i)
        find(*shape.element, offset + i * size_of(shape.element), there, depth);
      return;
    case record:
      for (const lowering::lowered_shape_member &member : shape.members)
        find(member.shape, offset + member.offset, there, depth);
      return;
    default:
      return;
    }
  }

private:
  [[nodiscard]] std::uint64_t size_of(std::optional<unsigned> shape) const { return shape ? shapes_[*shape].size : 0; }

  void add_with_parts(coroscope_trace_pointee kind, const lowering::lowered_shape &shape, std::uint64_t offset,
                      const presence &there, unsigned depth) {
    if (!shape.element)
      return;
    add(kind, size_of(shape.element), offset, there, depth);
    if (depth + 1 < deepest)
      find(*shape.element, 0, {}, depth + 1);
  }

  void add(coroscope_trace_pointee kind, std::uint64_t element, std::uint64_t offset, const presence &there,
           unsigned depth) {
    if (found_.size() >= most_)
      return;
    found_.push_back({.offset = static_cast<std::uint32_t>(offset),
                      .element = static_cast<std::uint32_t>(element),
                      .kind = kind,
                      .depth = static_cast<std::uint8_t>(depth),
                      .window = window_,
                      .has_flag = there.kind,
                      .flag = static_cast<std::uint32_t>(there.flag),
                      .flag_value = static_cast<std::uint32_t>(there.value),
                      .alive = {static_cast<std::uint32_t>(alive_), static_cast<std::uint32_t>(alive_ >> 32)}});
  }

  const std::vector<lowering::lowered_shape> &shapes_;
  std::uint8_t window_;
  std::uint64_t alive_;
  std::vector<coroscope_trace_pointer> &found_;
  std::size_t most_;
};

void add_pointers(const lowering::lowered_coroutine &coroutine, std::vector<coroscope_trace_pointer> &found) {
  for (const lowering::lowered_field &field : coroutine.fields)
    for (const lowering::lowered_resident &resident : field.residents) {
      if (!resident.shape)
        continue;
      std::map<std::size_t, std::uint64_t> alive; // by window
      for (const unsigned ordinal : alive_at(field, resident))
        if (ordinal / 64 < most_windows)
          alive[ordinal / 64] |= std::uint64_t{1} << ordinal % 64;
      for (const auto &[window, ordinals] : alive)
        pointer_finder(coroutine.shapes, static_cast<std::uint8_t>(window), ordinals, found)
            .find(*resident.shape, field.offset);
    }
}

/// As the numbers that they are in memory.
std::vector<std::uint32_t> words_of(const std::vector<coroscope_trace_pointer> &pointers) {
  std::vector<std::uint32_t> words(pointers.size() * words_of_pointer);
  if (!pointers.empty())
    std::memcpy(words.data(), pointers.data(), pointers.size() * sizeof pointers[0]);
  return words;
}

std::string compiler_of(const llvm::Module &module) {
  const llvm::NamedMDNode *ident = module.getNamedMetadata("llvm.ident");
  if (!ident || ident->getNumOperands() == 0 || ident->getOperand(0)->getNumOperands() == 0)
    return {};
  const auto *text = llvm::dyn_cast<llvm::MDString>(ident->getOperand(0)->getOperand(0));
  return text ? text->getString().str() : std::string();
}

std::string main_file_of(const llvm::Module &module) {
  for (const llvm::DICompileUnit *unit : module.debug_compile_units())
    return unit->getFilename().str();
  return module.getSourceFileName();
}

/// coroscope_trace_module
llvm::StructType *unit_type(llvm::LLVMContext &context) {
  llvm::Type *number = llvm::Type::getInt32Ty(context);
  llvm::Type *pointer = llvm::PointerType::getUnqual(context);
  llvm::Type *wide = llvm::Type::getInt64Ty(context);
  return llvm::StructType::get(context, {number, number, pointer, wide, pointer, wide, pointer, pointer});
}

void emit_constructor(llvm::Module &module, llvm::GlobalVariable &unit) {
  llvm::LLVMContext &context = module.getContext();
  llvm::Type *nothing = llvm::Type::getVoidTy(context);
  llvm::FunctionCallee registers =
      module.getOrInsertFunction("coroscope_trace_register", nothing, llvm::PointerType::getUnqual(context));
  auto *constructor = llvm::Function::createWithDefaultAttr(
      llvm::FunctionType::get(nothing, false), llvm::GlobalValue::InternalLinkage,
      module.getDataLayout().getProgramAddressSpace(), "coroscope.register", &module);
  constructor->setDoesNotThrow();
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", constructor));
  builder.CreateCall(registers, {&unit})->setDoesNotThrow();
  builder.CreateRetVoid();
  llvm::appendToGlobalCtors(module, constructor, constructor_priority);
}

} // namespace

std::uint32_t unit_table::add() {
  entries_.emplace_back();
  return static_cast<std::uint32_t>(entries_.size() - 1);
}

void unit_table::fill(std::uint32_t index, const llvm::Function &ramp, const lowering::lowered_coroutine &lowered) {
  table_entry entry{.lowered = lowered, .name = llvm::demangle(lowered.symbol), .file = module_.getSourceFileName()};
  if (const llvm::DISubprogram *subprogram = ramp.getSubprogram()) {
    entry.file = subprogram->getFilename().str();
    entry.line = subprogram->getLine();
  }
  entries_[index] = std::move(entry);
}

llvm::GlobalVariable &unit_table::unit() {
  if (!unit_) {
    auto *unit = new llvm::GlobalVariable(module_, unit_type(module_.getContext()), /*isConstant=*/false,
                                          llvm::GlobalValue::ExternalLinkage, nullptr, "coroscope.unit");
    unit->setVisibility(llvm::GlobalValue::HiddenVisibility);
    unit->setDSOLocal(true);
    unit_ = unit;
  }
  return *llvm::cast<llvm::GlobalVariable>(unit_);
}

llvm::Constant *unit_table::numbers(const std::vector<std::uint32_t> &values, const char *name) const {
  llvm::Constant *constant = llvm::ConstantDataArray::get(module_.getContext(), values);
  return new llvm::GlobalVariable(module_, constant->getType(), /*isConstant=*/true, llvm::GlobalValue::PrivateLinkage,
                                  constant, name);
}

void unit_table::emit(llvm::StringRef level) {
  if (entries_.empty())
    return;
  llvm::LLVMContext &context = module_.getContext();
  const std::string text =
      table_json({.unit = main_file_of(module_), .compiler = compiler_of(module_), .level = level.str()}, entries_);
  llvm::Constant *bytes = llvm::ConstantDataArray::getString(context, text, /*AddNull=*/false);
  auto *table = new llvm::GlobalVariable(module_, bytes->getType(), /*isConstant=*/true,
                                         llvm::GlobalValue::PrivateLinkage, bytes, "coroscope.table");
  table->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  std::vector<std::uint32_t> sizes;
  std::vector<coroscope_trace_pointer> pointers;
  std::vector<std::uint32_t> first_pointer = {0};
  for (const std::optional<table_entry> &entry : entries_) {
    sizes.push_back(entry ? static_cast<std::uint32_t>(entry->lowered.size) : 0);
    if (entry)
      add_pointers(entry->lowered, pointers);
    first_pointer.push_back(static_cast<std::uint32_t>(pointers.size()));
  }
  llvm::Type *number = llvm::Type::getInt32Ty(context);
  llvm::Type *wide = llvm::Type::getInt64Ty(context);
  llvm::Constant *members[] = {llvm::ConstantInt::get(number, trace::module_version),
                               llvm::ConstantInt::get(number, 0),
                               table,
                               llvm::ConstantInt::get(wide, text.size()),
                               numbers(sizes, "coroscope.frame_sizes"),
                               llvm::ConstantInt::get(wide, entries_.size()),
                               numbers(words_of(pointers), "coroscope.pointers"),
                               numbers(first_pointer, "coroscope.first_pointer")};
  llvm::GlobalVariable &unit = this->unit();
  unit.setInitializer(llvm::ConstantStruct::get(unit_type(context), members));
  unit.setVisibility(llvm::GlobalValue::DefaultVisibility);
  unit.setLinkage(llvm::GlobalValue::InternalLinkage);
  unit.setAlignment(llvm::Align(8));
  emit_constructor(module_, unit);
}

} // namespace coroscope::instrument
