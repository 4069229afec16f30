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

#include <map>

namespace coroscope::instrument {
namespace {

/// Before every static object of the program, whose constructors may run coroutines.
constexpr int constructor_priority = 1;

constexpr std::size_t words_of_pointer = sizeof(coroscope_trace_pointer) / sizeof(std::uint32_t);
constexpr std::size_t most_pointers = 32; ///< of a resident

/// The strings, views, vectors and pointers of a resident, at any depth, and those texts and vectors that are behind
/// one of the pointers.
class pointer_finder {
public:
  /// `alive` is of the 64 ordinals from `window` * 64 on.
  pointer_finder(const std::vector<lowering::lowered_shape> &shapes, std::uint32_t window, std::uint64_t alive,
                 std::vector<std::uint32_t> &words)
      : shapes_(shapes), window_(window), alive_(alive), words_(words),
        most_(words.size() + most_pointers * words_of_pointer) {}

  void find(unsigned index, std::uint64_t offset, std::uint64_t flag = 0) {
    using enum lowering::shape_kind;
    const lowering::lowered_shape &shape = shapes_[index];
    switch (shape.kind) {
    case string:
    case string_view:
    case vector:
    case c_string:
      return add_text(shape, offset, 0, flag);
    case pointer:
    case unique_ptr:
      if (!shape.element)
        return;
      add(offset, coroscope_trace_behind, shapes_[*shape.element].size, flag);
      return find_behind(*shape.element, offset, 0, flag);
    case optional:
      return find(*shape.element, offset, offset + shapes_[*shape.element].size + 1);
    case record:
      for (const lowering::lowered_shape_member &member : shape.members)
        find(member.shape, offset + member.offset, flag);
      return;
    default:
      return;
    }
  }

private:
  /// `inner` bytes behind the pointer at `offset`.
  void find_behind(unsigned index, std::uint64_t offset, std::uint64_t inner, std::uint64_t flag) {
    using enum lowering::shape_kind;
    const lowering::lowered_shape &shape = shapes_[index];
    switch (shape.kind) {
    case string:
    case string_view:
    case vector:
    case c_string:
      return add_text(shape, offset, coroscope_trace_behind | static_cast<std::uint32_t>(inner) << 16, flag);
    case record:
      for (const lowering::lowered_shape_member &member : shape.members)
        find_behind(member.shape, offset, inner + member.offset, flag);
      return;
    default:
      return;
    }
  }

  void add_text(const lowering::lowered_shape &shape, std::uint64_t offset, std::uint32_t where, std::uint64_t flag) {
    using enum lowering::shape_kind;
    if (shape.kind == vector && !shape.element)
      return;
    const std::uint32_t kind = shape.kind == string ? 1 : shape.kind == string_view ? 2 : shape.kind == vector ? 3 : 4;
    add(offset, where | kind, shape.kind == vector ? shapes_[*shape.element].size : 0, flag);
  }

  void add(std::uint64_t offset, std::uint32_t kind, std::uint64_t element, std::uint64_t flag) {
    if (words_.size() >= most_)
      return;
    const std::uint64_t of_window = kind | window_ << coroscope_trace_window_shift;
    for (const std::uint64_t word : {offset, of_window, element, flag, alive_, alive_ >> 32})
      words_.push_back(static_cast<std::uint32_t>(word));
  }

  const std::vector<lowering::lowered_shape> &shapes_;
  std::uint32_t window_;
  std::uint64_t alive_;
  std::vector<std::uint32_t> &words_;
  std::size_t most_;
};

void add_pointers(const lowering::lowered_coroutine &coroutine, std::vector<std::uint32_t> &words) {
  for (const lowering::lowered_field &field : coroutine.fields)
    for (const lowering::lowered_resident &resident : field.residents) {
      if (!resident.shape)
        continue;
      std::map<std::uint32_t, std::uint64_t> alive; // by window
      for (const unsigned ordinal : alive_at(field, resident))
        if (ordinal / 64 < coroscope_trace_windows)
          alive[ordinal / 64] |= std::uint64_t{1} << ordinal % 64;
      for (const auto &[window, ordinals] : alive)
        pointer_finder(coroutine.shapes, window, ordinals, words).find(*resident.shape, field.offset);
    }
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
  std::vector<std::uint32_t> pointers;
  std::vector<std::uint32_t> first_pointer = {0};
  for (const std::optional<table_entry> &entry : entries_) {
    sizes.push_back(entry ? static_cast<std::uint32_t>(entry->lowered.size) : 0);
    if (entry)
      add_pointers(entry->lowered, pointers);
    first_pointer.push_back(static_cast<std::uint32_t>(pointers.size() / words_of_pointer));
  }
  llvm::Type *number = llvm::Type::getInt32Ty(context);
  llvm::Type *wide = llvm::Type::getInt64Ty(context);
  llvm::Constant *members[] = {llvm::ConstantInt::get(number, 2),
                               llvm::ConstantInt::get(number, 0),
                               table,
                               llvm::ConstantInt::get(wide, text.size()),
                               numbers(sizes, "coroscope.frame_sizes"),
                               llvm::ConstantInt::get(wide, entries_.size()),
                               numbers(pointers, "coroscope.pointers"),
                               numbers(first_pointer, "coroscope.first_pointer")};
  llvm::GlobalVariable &unit = this->unit();
  unit.setInitializer(llvm::ConstantStruct::get(unit_type(context), members));
  unit.setVisibility(llvm::GlobalValue::DefaultVisibility);
  unit.setLinkage(llvm::GlobalValue::InternalLinkage);
  unit.setAlignment(llvm::Align(8));
  emit_constructor(module_, unit);
}

} // namespace coroscope::instrument
