// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// CoroSplit addresses the frame through GEPs on a struct type and names each after the value it holds
// (`x.reload.addr`, `x.spill.addr`, `index.addr`), so the struct gives offsets and the names give residents.
// Size and alignment are those that the resume function promises about its frame argument.
#include "lowering/layout.h"

#include "lowering/type_name.h"

#include <llvm/IR/Constants.h>
#include <llvm/IR/DataLayout.h>
#include <llvm/IR/DerivedTypes.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>

#include <algorithm>
#include <set>

namespace coroscope::lowering {
namespace {

/// What the GEPs say about each element of the frame's struct: the base names of the values that live there.
struct frame_type {
  llvm::StructType *type = nullptr;
  std::map<unsigned, std::set<std::string>> names;
  /// Slots that no GEP names and that the split had to keep, in the order of the function.
  std::vector<std::pair<const llvm::Type *, const lowered_resident *>> unused;
  bool has_index = false; ///< a GEP names the resume index
};

/// "x.reload.addr12" -> "x"; LLVM may have appended a number to make the name unique.
std::optional<std::string> value_behind(llvm::StringRef gep_name) {
  const llvm::StringRef stem = gep_name.rtrim("0123456789.");
  for (llvm::StringRef suffix : {".reload.addr", ".spill.addr"})
    if (stem.ends_with(suffix))
      return stem.drop_back(suffix.size()).str();
  return std::nullopt;
}

bool is_frame_of(const llvm::StructType &type, llvm::StringRef symbol) {
  if (!type.hasName() || !type.getName().starts_with(symbol))
    return false;
  const llvm::StringRef rest = type.getName().substr(symbol.size());
  return rest == ".Frame" || rest.starts_with(".Frame.");
}

/// What the GEP is called; or, where it has no name, what it would be called after the slot that is copied through it
/// into the frame, which was written before there was one.
std::string gep_name_of(const llvm::GetElementPtrInst &gep) {
  if (!gep.hasName())
    for (const llvm::User *user : gep.users()) {
      const auto *store = llvm::dyn_cast<llvm::StoreInst>(user);
      const auto *load = store ? llvm::dyn_cast<llvm::LoadInst>(store->getValueOperand()) : nullptr;
      if (load && llvm::isa<llvm::AllocaInst>(load->getPointerOperand()))
        return load->getPointerOperand()->getName().str() + ".reload.addr";
    }
  return gep.getName().str();
}

void collect(const llvm::Function &function, llvm::StringRef symbol, frame_type &found) {
  for (const llvm::Instruction &instruction : llvm::instructions(function)) {
    const auto *gep = llvm::dyn_cast<llvm::GetElementPtrInst>(&instruction);
    if (!gep || gep->getNumIndices() != 2)
      continue;
    auto *type = llvm::dyn_cast<llvm::StructType>(gep->getSourceElementType());
    const auto *index = llvm::dyn_cast<llvm::ConstantInt>(gep->getOperand(2));
    if (!type || !index || !is_frame_of(*type, symbol) || (found.type && found.type != type))
      continue;
    found.type = type;
    found.names[static_cast<unsigned>(index->getZExtValue())].insert(gep_name_of(*gep));
    found.has_index = found.has_index || gep->getName().starts_with("index.addr");
  }
}

void describe_residents(const std::set<std::string> &gep_names, const described_values &values, lowered_field &field) {
  for (const std::string &gep_name : gep_names) {
    if (llvm::StringRef(gep_name).starts_with("index.addr")) {
      field.kind = field_kind::resume_index;
      continue;
    }
    const std::optional<std::string> name = value_behind(gep_name);
    const auto value = name ? values.find(*name) : values.end();
    if (value == values.end())
      continue;
    field.kind = value->second.kind;
    if (std::ranges::find(field.residents, value->second) == field.residents.end())
      field.residents.push_back(value->second);
  }
  std::ranges::sort(field.residents, {}, [](const lowered_resident &resident) {
    return std::pair(resident.where ? resident.where->where : position{}, resident.name);
  });
}

bool is_byte_array(const llvm::Type &type) {
  const auto *array = llvm::dyn_cast<llvm::ArrayType>(&type);
  return array && array->getElementType()->isIntegerTy(8);
}

/// Whether the element is the promise: its GEPs say so, or, where no code touches the promise any more, it is the first
/// element of the promise's size that no GEP names.
bool is_promise(unsigned index, const frame_type &frame, const llvm::DataLayout &layout,
                const described_values &values) {
  const auto promise =
      std::ranges::find_if(values, [](const auto &named) { return named.second.kind == field_kind::promise; });
  if (promise == values.end())
    return false;
  for (const auto &[element, gep_names] : frame.names)
    if (std::ranges::any_of(gep_names, [&](const std::string &name) { return value_behind(name) == promise->first; }))
      return element == index;
  for (unsigned first = 2; first < frame.type->getNumElements(); ++first) {
    llvm::Type &type = *frame.type->getElementType(first);
    if (!is_byte_array(type) && !frame.names.contains(first) &&
        layout.getTypeAllocSize(&type).getFixedValue() == promise->second.size)
      return first == index;
  }
  return false;
}

/// Slots keep their names and types in the ramp when all that used them is gone.
void find_unused(const llvm::Function &ramp, const described_values &values, frame_type &frame) {
  std::set<std::string> named;
  for (const auto &[element, gep_names] : frame.names)
    for (const std::string &gep_name : gep_names)
      named.insert(value_behind(gep_name).value_or(""));
  for (const llvm::Instruction &instruction : llvm::instructions(ramp)) {
    const auto *slot = llvm::dyn_cast<llvm::AllocaInst>(&instruction);
    const auto value = slot ? values.find(slot->getName()) : values.end();
    if (value != values.end() && !value->second.reasons.empty() && value->second.kind != field_kind::promise &&
        !named.contains(value->first))
      frame.unused.emplace_back(slot->getAllocatedType(), &value->second);
  }
}

/// Of an element that no code uses: the slot of its type that was to live there.
lowered_resident unused_resident(unsigned index, frame_type &frame, const llvm::DataLayout &layout) {
  llvm::Type *type = frame.type->getElementType(index);
  const auto slot = std::ranges::find(frame.unused, type, [](const auto &one) { return one.first; });
  if (slot == frame.unused.end())
    return {.kind = field_kind::spill,
            .type = type_name(*type),
            .meaning = "slot that no code uses any more",
            .size = layout.getTypeAllocSize(type).getFixedValue()};
  lowered_resident resident = *slot->second;
  frame.unused.erase(slot);
  return resident;
}

lowered_field read_field(unsigned index, frame_type &frame, const llvm::DataLayout &layout,
                         const described_values &values) {
  lowered_field field;
  if (index == 0)
    field.kind = field_kind::resume_fn;
  else if (index == 1)
    field.kind = field_kind::destroy_fn;
  else if (const auto names = frame.names.find(index); names != frame.names.end())
    describe_residents(names->second, values, field);
  else if (is_promise(index, frame, layout, values))
    field.kind = field_kind::promise;
  else if (is_byte_array(*frame.type->getElementType(index)))
    field.kind = field_kind::padding;
  else if (!frame.has_index && frame.type->getElementType(index)->isIntegerTy())
    field.kind = field_kind::resume_index; // which nobody reads where nothing suspends any more
  else
    field.residents.push_back(unused_resident(index, frame, layout));
  if (field.residents.size() == 1)
    field.kind = field.residents.front().kind;
  if (field.kind == field_kind::promise && field.residents.empty())
    for (const auto &[name, value] : values)
      if (value.kind == field_kind::promise)
        field.residents.push_back(value);
  return field;
}

void pad_up_to(std::uint64_t end, lowered_coroutine &coroutine) {
  std::vector<lowered_field> &fields = coroutine.fields;
  const std::uint64_t reached = fields.empty() ? 0 : fields.back().offset + fields.back().size;
  if (reached >= end)
    return;
  if (!fields.empty() && fields.back().kind == field_kind::padding)
    fields.back().size += end - reached;
  else
    fields.push_back({.offset = reached, .size = end - reached, .kind = field_kind::padding});
}

void read_fields(frame_type &frame, const llvm::DataLayout &layout, const described_values &values,
                 lowered_coroutine &coroutine) {
  const llvm::StructLayout *offsets = layout.getStructLayout(frame.type);
  for (unsigned index = 0; index < frame.type->getNumElements(); ++index) {
    const std::uint64_t offset = offsets->getElementOffset(index);
    const std::uint64_t size = layout.getTypeAllocSize(frame.type->getElementType(index)).getFixedValue();
    pad_up_to(offset, coroutine);
    lowered_field field = read_field(index, frame, layout, values);
    if (field.kind == field_kind::padding) {
      pad_up_to(offset + size, coroutine);
      continue;
    }
    if (size == 0)
      continue;
    field.offset = offset;
    field.size = size;
    if (field.kind == field_kind::unknown)
      coroutine.problems.push_back("the bytes " + std::to_string(offset) + " to " + std::to_string(offset + size - 1) +
                                   " hold a value that no name leads back to");
    coroutine.fields.push_back(std::move(field));
  }
}

void read_size(const llvm::Function &ramp, const frame_type &frame, lowered_coroutine &coroutine) {
  const llvm::DataLayout &layout = ramp.getDataLayout();
  const llvm::Function *resume = ramp.getParent()->getFunction(coroutine.resume.symbol);
  if (!coroutine.resume.symbol.empty() && resume && resume->arg_size() > 0) {
    coroutine.size = resume->getParamDereferenceableBytes(0);
    coroutine.align = resume->getParamAlign(0).valueOrOne().value();
    return;
  }
  coroutine.size = layout.getTypeAllocSize(frame.type).getFixedValue();
  coroutine.align = layout.getABITypeAlign(frame.type).value();
}

} // namespace

void read_layout(const llvm::Function &ramp, const described_values &values, lowered_coroutine &coroutine) {
  frame_type frame;
  collect(ramp, coroutine.symbol, frame);
  for (const std::string &clone : {coroutine.resume.symbol, coroutine.destroy.symbol, coroutine.cleanup.symbol})
    if (const llvm::Function *function = clone.empty() ? nullptr : ramp.getParent()->getFunction(clone))
      collect(*function, coroutine.symbol, frame);
  // A coroutine that never suspends any more may keep its frame without addressing it.
  if (!frame.type)
    frame.type = llvm::StructType::getTypeByName(ramp.getContext(), coroutine.symbol + ".Frame");
  if (!frame.type) {
    coroutine.problems.push_back("no code addresses the frame, so its layout cannot be read");
    return;
  }
  find_unused(ramp, values, frame);
  read_size(ramp, frame, coroutine);
  read_fields(frame, ramp.getDataLayout(), values, coroutine);
  pad_up_to(coroutine.size, coroutine);
  if (coroutine.fields.back().offset + coroutine.fields.back().size > coroutine.size)
    coroutine.problems.push_back("the fields reach beyond the size that the resume function promises");
}

} // namespace coroscope::lowering
