// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the table gets into the object file: as JSON that the recorder copies into the recording unread.
#include "instrument/unit_table.h"

#include <coroscope/trace.h>

#include <llvm/Demangle/Demangle.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/DerivedTypes.h>
#include <llvm/IR/GlobalVariable.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/Utils/ModuleUtils.h>

#include <set>

namespace coroscope::instrument {
namespace {

/// Before every static object of the program, whose constructors may run coroutines.
constexpr int constructor_priority = 1;

const char *name_of(suspend_kind kind) {
  switch (kind) {
  case suspend_kind::initial:
    return "initial";
  case suspend_kind::await:
    return "await";
  case suspend_kind::yield:
    return "yield";
  case suspend_kind::final:
    return "final";
  }
  return "";
}

const char *name_of(field_kind kind) {
  switch (kind) {
  case field_kind::resume_fn:
    return "resume_fn";
  case field_kind::destroy_fn:
    return "destroy_fn";
  case field_kind::promise:
    return "promise";
  case field_kind::resume_index:
    return "resume_index";
  case field_kind::param_copy:
    return "param_copy";
  case field_kind::local:
    return "local";
  case field_kind::awaiter:
    return "awaiter";
  case field_kind::temporary:
    return "temporary";
  case field_kind::spill:
    return "spill";
  case field_kind::shared:
    return "shared";
  case field_kind::padding:
    return "padding";
  case field_kind::unknown:
    return "unknown";
  }
  return "";
}

void write_text(llvm::json::OStream &out, llvm::StringRef name, llvm::StringRef text) {
  out.attribute(name, llvm::json::fixUTF8(text));
}

const char *name_of(lowering::shape_kind kind) {
  using enum lowering::shape_kind;
  switch (kind) {
  case opaque:
    return "opaque";
  case signed_integer:
    return "signed";
  case unsigned_integer:
    return "unsigned";
  case floating:
    return "floating";
  case boolean:
    return "boolean";
  case character:
    return "character";
  case enumeration:
    return "enumeration";
  case pointer:
    return "pointer";
  case c_string:
    return "c_string";
  case array:
    return "array";
  case record:
    return "record";
  case string:
    return "string";
  case string_view:
    return "string_view";
  case vector:
    return "vector";
  case optional:
    return "optional";
  case unique_ptr:
    return "unique_ptr";
  case coroutine_handle:
    return "coroutine_handle";
  }
  return "opaque";
}

void write_member(llvm::json::OStream &out, const lowering::lowered_shape_member &member) {
  out.object([&] {
    write_text(out, "name", member.name);
    out.attribute("offset", member.offset);
    out.attribute("shape", member.shape);
    if (member.bit_size == 0)
      return;
    out.attribute("bit_offset", member.bit_offset);
    out.attribute("bit_size", member.bit_size);
  });
}

void write_shape(llvm::json::OStream &out, const lowering::lowered_shape &shape) {
  out.object([&] {
    out.attribute("kind", name_of(shape.kind));
    write_text(out, "name", shape.name);
    out.attribute("size", shape.size);
    if (shape.element)
      out.attribute("element", *shape.element);
    if (shape.count != 0)
      out.attribute("count", shape.count);
    if (!shape.members.empty())
      out.attributeArray("members", [&] {
        for (const lowering::lowered_shape_member &member : shape.members)
          write_member(out, member);
      });
    if (!shape.enumerators.empty())
      out.attributeArray("enumerators", [&] {
        for (const auto &[value, name] : shape.enumerators)
          out.object([&] {
            out.attribute("value", value);
            write_text(out, "name", name);
          });
      });
  });
}

/// The points at which the resident has a value: it was set before and its life goes on.
std::set<unsigned> alive_at(const lowering::lowered_field &field, const lowering::lowered_resident &resident) {
  std::set<unsigned> ordinals;
  for (const lowering::lowered_why &why : resident.reasons)
    if (why.definition || field.kind == field_kind::promise)
      ordinals.insert(why.across.begin(), why.across.end());
  return ordinals;
}

constexpr std::size_t words_of_pointer = sizeof(coroscope_trace_pointer) / sizeof(std::uint32_t);
constexpr std::size_t most_pointers = 32; ///< of a resident

/// The strings, views, vectors and char pointers of a resident, at any depth.
class pointer_finder {
public:
  pointer_finder(const std::vector<lowering::lowered_shape> &shapes, std::uint64_t alive,
                 std::vector<std::uint32_t> &words)
      : shapes_(shapes), alive_(alive), words_(words), most_(words.size() + most_pointers * words_of_pointer) {}

  void find(unsigned index, std::uint64_t offset, std::uint64_t flag = 0) {
    using enum lowering::shape_kind;
    const lowering::lowered_shape &shape = shapes_[index];
    switch (shape.kind) {
    case string:
      return add(offset, 1, 0, flag);
    case string_view:
      return add(offset, 2, 0, flag);
    case vector:
      return shape.element ? add(offset, 3, shapes_[*shape.element].size, flag) : void();
    case c_string:
      return add(offset, 4, 0, flag);
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
  void add(std::uint64_t offset, std::uint32_t kind, std::uint64_t element, std::uint64_t flag) {
    if (words_.size() >= most_)
      return;
    for (const std::uint64_t word : {offset, std::uint64_t{kind}, element, flag, alive_, alive_ >> 32})
      words_.push_back(static_cast<std::uint32_t>(word));
  }

  const std::vector<lowering::lowered_shape> &shapes_;
  std::uint64_t alive_;
  std::vector<std::uint32_t> &words_;
  std::size_t most_;
};

void add_pointers(const lowering::lowered_coroutine &coroutine, std::vector<std::uint32_t> &words) {
  for (const lowering::lowered_field &field : coroutine.fields)
    for (const lowering::lowered_resident &resident : field.residents) {
      std::uint64_t alive = 0;
      for (const unsigned ordinal : alive_at(field, resident))
        alive |= ordinal < 64 ? std::uint64_t{1} << ordinal : 0;
      if (resident.shape && alive != 0)
        pointer_finder(coroutine.shapes, alive, words).find(*resident.shape, field.offset);
    }
}

void write_field(llvm::json::OStream &out, const lowering::lowered_field &field) {
  out.object([&] {
    out.attribute("offset", field.offset);
    out.attribute("size", field.size);
    out.attribute("kind", name_of(field.kind));
    out.attributeArray("residents", [&] {
      for (const lowering::lowered_resident &resident : field.residents)
        out.object([&] {
          write_text(out, "name", resident.name);
          write_text(out, "type", resident.type);
          if (!resident.shape)
            return;
          out.attribute("shape", *resident.shape);
          out.attributeArray("alive", [&] {
            for (const unsigned ordinal : alive_at(field, resident))
              out.value(ordinal);
          });
        });
    });
  });
}

void write_point(llvm::json::OStream &out, const lowering::lowered_suspend &point) {
  out.object([&] {
    out.attribute("ordinal", point.ordinal);
    out.attribute("rank", point.rank);
    out.attribute("kind", name_of(point.kind));
    if (point.returns_handle)
      out.attribute("returns_handle", true);
    if (!point.where)
      return;
    write_text(out, "file", point.where->file);
    out.attribute("line", point.where->where.line);
    out.attribute("column", point.where->where.column);
  });
}

void write_coroutine(llvm::json::OStream &out, const table_entry &entry) {
  const lowering::lowered_coroutine &lowered = entry.lowered;
  out.object([&] {
    write_text(out, "mangled", lowered.symbol);
    write_text(out, "name", entry.name);
    write_text(out, "file", entry.file);
    if (entry.line)
      out.attribute("line", *entry.line);
    out.attribute("frame_size", lowered.size);
    out.attribute("frame_align", lowered.align);
    out.attribute("layout_hash", lowering::layout_hash(lowered));
    out.attributeArray("fields", [&] {
      for (const lowering::lowered_field &field : lowered.fields)
        write_field(out, field);
    });
    out.attributeArray("points", [&] {
      for (const lowering::lowered_suspend &point : lowered.suspends)
        write_point(out, point);
    });
    out.attributeArray("shapes", [&] {
      for (const lowering::lowered_shape &shape : lowered.shapes)
        write_shape(out, shape);
    });
  });
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

std::string unit_table::json(llvm::StringRef level) const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream out(stream);
  out.object([&] {
    write_text(out, "unit", main_file_of(module_));
    write_text(out, "compiler", compiler_of(module_));
    out.attribute("level", level);
    out.attributeArray("coroutines", [&] {
      for (const std::optional<table_entry> &entry : entries_) {
        if (entry)
          write_coroutine(out, *entry);
        else
          out.value(nullptr);
      }
    });
  });
  return text;
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
  const std::string text = json(level);
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
