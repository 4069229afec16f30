// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/meaning.h"

#include "lowering/member_path.h"
#include "lowering/operator_signs.h"
#include "lowering/slot_words.h"
#include "lowering/type_name.h"
#include "lowering/variable.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/Demangle/Demangle.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>

#include <cstdlib>

namespace coroscope::lowering {
namespace {

/// What stands in a table is read by people: an expression deeper than this says nothing to them.
constexpr unsigned max_depth = 6;

bool is_compound(const std::string &text) { return text.find(' ') != std::string::npos; }

std::string operand(const std::string &text) { return is_compound(text) ? "(" + text + ")" : text; }

std::string infix(const std::string &left, llvm::StringRef sign, const std::string &right) {
  return left.empty() || right.empty() ? "" : operand(left) + " " + sign.str() + " " + operand(right);
}

std::string constant(const llvm::Constant &value) {
  if (const auto *number = llvm::dyn_cast<llvm::ConstantInt>(&value)) {
    if (number->getBitWidth() == 1)
      return number->isZero() ? "false" : "true";
    return number->getBitWidth() <= 64 ? std::to_string(number->getSExtValue()) : "";
  }
  if (const auto *number = llvm::dyn_cast<llvm::ConstantFP>(&value)) {
    llvm::SmallString<16> text;
    number->getValueAPF().toString(text);
    return text.str().str();
  }
  if (value.isNullValue())
    return "nullptr";
  if (const auto *global = llvm::dyn_cast<llvm::GlobalValue>(&value))
    return global->hasPrivateLinkage() ? "a literal" : plain_name(global->getName().str());
  return {};
}

std::string arithmetic(const llvm::BinaryOperator &operation, const std::string &left, const std::string &right) {
  const unsigned opcode = operation.getOpcode();
  if (opcode == llvm::Instruction::Xor && (right == "true" || right == "-1"))
    return left.empty() ? "" : (right == "true" ? "not " : "~") + operand(left);
  if (opcode == llvm::Instruction::Sub && left == "0")
    return right.empty() ? "" : "-" + operand(right);
  if (opcode == llvm::Instruction::Add && right.starts_with('-') && !is_compound(right))
    return infix(left, "-", right.substr(1));
  const auto *either = llvm::dyn_cast<llvm::PossiblyDisjointInst>(&operation);
  return infix(left, either && either->isDisjoint() ? "+" : sign_of(operation.getOpcode()), right);
}

std::string call_words(const llvm::CallBase &call) {
  if (llvm::isa<llvm::CoroBeginInst>(call))
    return "address of the frame";
  if (llvm::isa<llvm::CoroAllocInst>(call))
    return "whether the frame was allocated";
  if (llvm::isa<llvm::CoroSuspendInst>(call))
    return "whether to resume or to destroy";
  const llvm::Function *callee = call.getCalledFunction();
  if (!callee)
    return "result of a call through a pointer";
  if (callee->isIntrinsic())
    return "result of " + llvm::Intrinsic::getBaseName(callee->getIntrinsicID()).drop_front(5).str();
  return "result of " + plain_name(callee->getName().str());
}

/// Conversions between whole numbers and others give another value; the rest of the casts give the same.
bool changes_value(const llvm::Value &value) {
  return llvm::isa<llvm::FPToSIInst, llvm::FPToUIInst, llvm::SIToFPInst, llvm::UIToFPInst>(value);
}

/// Which element of an array without a variable an address leads to, and the array; null for none.
std::pair<llvm::AllocaInst *, std::uint64_t> element_at(llvm::Value &base, std::uint64_t offset) {
  const auto *at = llvm::dyn_cast<llvm::Instruction>(&base);
  if (!at)
    return {};
  const llvm::DataLayout &layout = at->getDataLayout();
  llvm::APInt before(layout.getIndexTypeSizeInBits(base.getType()), 0);
  auto *slot = llvm::dyn_cast<llvm::AllocaInst>(
      base.stripAndAccumulateConstantOffsets(layout, before, /*AllowNonInbounds=*/true));
  const auto *array = slot ? llvm::dyn_cast<llvm::ArrayType>(slot->getAllocatedType()) : nullptr;
  const std::uint64_t size = array ? layout.getTypeAllocSize(array->getElementType()).getFixedValue() : 0;
  const std::int64_t bytes = before.getSExtValue() + static_cast<std::int64_t>(offset);
  if (size == 0 || bytes <= 0 || static_cast<std::uint64_t>(bytes) % size != 0 || variable_of(*slot))
    return {};
  return {slot, static_cast<std::uint64_t>(bytes) / size};
}

/// The variable's slot that a pointer was loaded from; the pointer itself where it was not.
llvm::Value &pointer_holder(llvm::Value &pointer) {
  auto *load = llvm::dyn_cast<llvm::LoadInst>(&pointer);
  return load && llvm::isa<llvm::AllocaInst>(load->getPointerOperand()) ? *load->getPointerOperand() : pointer;
}

/// "byte 4 of buf" and four bytes further "byte 8 of buf".
std::string byte_of(llvm::StringRef object, std::uint64_t offset) {
  std::uint64_t before = 0;
  llvm::StringRef rest = object;
  if (rest.consume_front("byte ") && !rest.consumeInteger(10, before) && rest.consume_front(" of "))
    return byte_of(rest, before + offset);
  return "byte " + std::to_string(offset) + " of " + object.str();
}

/// The type of what an address points to, where a variable tells it.
const llvm::DIType *type_at(llvm::Value &address) {
  const llvm::DbgVariableRecord *record = variable_of(pointer_holder(address));
  const llvm::DIType *type = record ? record->getVariable()->getType() : nullptr;
  return llvm::isa<llvm::AllocaInst>(address) ? type : pointee(type);
}

constexpr llvm::StringLiteral elided_frame = "elided frame of ";

/// "i" for "i.06.i", "i.sroa.0.0", "i.idx".
llvm::StringRef stem_of(llvm::StringRef name) { return name.split('.').first; }

} // namespace

std::string plain_name(const std::string &symbol) {
  llvm::ItaniumPartialDemangler parts; // points into `symbol`
  if (parts.partialDemangle(symbol.c_str()))
    return symbol;
  char *base = parts.getFunctionBaseName(nullptr, nullptr);
  std::string name = base ? base : symbol;
  std::free(base);
  return name;
}

std::string frame_owner(const llvm::DILocalVariable &frame) {
  const llvm::StringRef type = frame.getType() ? frame.getType()->getName() : "";
  return type.substr(0, type.rfind(".coro_frame_ty")).str();
}

meanings::meanings(llvm::Function &function) {
  for (const llvm::Instruction &instruction : llvm::instructions(function))
    for (const llvm::DbgVariableRecord &record : llvm::filterDbgVars(instruction.getDbgRecordRange())) {
      const llvm::DILocalVariable *variable = record.getVariable();
      const auto [known, is_new] = variables_.try_emplace(variable->getName(), &record);
      if (!is_new && known->second && known->second->getVariable() != variable)
        known->second = nullptr;
      if (variable->getArg() != 0 && !record.getDebugLoc().getInlinedAt())
        parameters_.try_emplace(variable->getName(), variable);
    }
}

const llvm::DbgVariableRecord *meanings::joined_variable(llvm::Value &value) const {
  const auto *phi = llvm::dyn_cast<llvm::PHINode>(&value);
  const auto [stem, suffix] = value.getName().split('.');
  if (!phi || suffix.contains("idx"))
    return nullptr;
  const auto known = variables_.find(stem);
  if (known == variables_.end() || known->second)
    return known == variables_.end() ? nullptr : known->second;
  for (llvm::Value *incoming : phi->incoming_values())
    if (const auto *record = llvm::isa<llvm::Constant>(incoming) ? nullptr : variable_of(*incoming);
        record && record->getVariable()->getName() == stem)
      return record;
  return nullptr;
}

const llvm::DILocalVariable *meanings::parameter(llvm::StringRef name) const { return parameters_.lookup(name); }

std::string meanings::operator()(llvm::Value &value) {
  about_ = {};
  std::string text = expression(value);
  if (changes_value(value) && !text.empty())
    return text + ", converted";
  if (llvm::isa<llvm::LoadInst>(value) && !text.empty() && !is_compound(text))
    return "value of " + text;
  return text.empty() ? by_use(value) : text;
}

std::string meanings::expression(llvm::Value &value) {
  if (const auto *known = llvm::dyn_cast<llvm::Constant>(&value))
    return constant(*known);
  if (active_.size() >= max_depth || !active_.insert(&value).second)
    return {};
  std::string text;
  const llvm::DbgVariableRecord *record = llvm::isa<llvm::AllocaInst>(value) ? nullptr : variable_of(value);
  if (record)
    text = record->getVariable()->getName();
  else if (llvm::isa<llvm::Argument>(value))
    text = stem_of(value.getName());
  else if (auto *instruction = llvm::dyn_cast<llvm::Instruction>(&value))
    text = expression_of(*instruction);
  if (text.empty())
    text = by_name(value);
  active_.erase(&value);
  return text;
}

std::string meanings::expression_of(llvm::Instruction &instruction) {
  const auto at = [&](unsigned index) { return expression(*instruction.getOperand(index)); };
  if (auto *load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
    const std::string object = object_at(*load->getPointerOperand());
    // The first that is in a frame is the address of its resume function.
    return object.starts_with(elided_frame) ? "resume function of the " + object : object;
  }
  if (llvm::isa<llvm::AllocaInst, llvm::GetElementPtrInst>(instruction)) {
    const std::string object = object_at(instruction);
    return object.empty() ? "" : "address of " + object;
  }
  if (const auto *operation = llvm::dyn_cast<llvm::BinaryOperator>(&instruction))
    return arithmetic(*operation, at(0), at(1));
  if (const auto *comparison = llvm::dyn_cast<llvm::CmpInst>(&instruction)) {
    const std::string text = infix(at(0), sign_of(comparison->getPredicate()), at(1));
    return text.empty() ? "" : "whether " + text;
  }
  if (llvm::isa<llvm::CastInst, llvm::FreezeInst>(instruction))
    return at(0);
  if (llvm::isa<llvm::UnaryOperator>(instruction)) {
    const std::string text = at(0);
    return text.empty() ? "" : "-" + operand(text);
  }
  if (llvm::isa<llvm::SelectInst>(instruction)) {
    const std::string one = at(1);
    const std::string other = at(2);
    return one.empty() || other.empty() ? "" : one + " or " + other;
  }
  if (auto *phi = llvm::dyn_cast<llvm::PHINode>(&instruction))
    return of_phi(*phi);
  if (llvm::isa<llvm::LandingPadInst>(instruction))
    return "exception in flight";
  if (const auto *part = llvm::dyn_cast<llvm::ExtractValueInst>(&instruction)) {
    if (llvm::isa<llvm::LandingPadInst>(part->getAggregateOperand()))
      return part->getIndices().front() == 0 ? "exception in flight" : "exception's type selector";
    if (const auto *sum = llvm::dyn_cast<llvm::WithOverflowInst>(part->getAggregateOperand())) {
      const std::string text =
          infix(expression(*sum->getLHS()), sign_of(sum->getBinaryOp()), expression(*sum->getRHS()));
      return text.empty() || part->getIndices().front() == 0 ? text : "whether " + text + " overflows";
    }
    const std::string whole = at(0);
    return whole.empty() ? "" : "part " + std::to_string(part->getIndices().front()) + " of the " + whole;
  }
  if (llvm::isa<llvm::MinMaxIntrinsic>(instruction)) {
    const auto id = llvm::cast<llvm::IntrinsicInst>(instruction).getIntrinsicID();
    const bool is_least = id == llvm::Intrinsic::smin || id == llvm::Intrinsic::umin;
    const std::string one = at(0);
    const std::string other = at(1);
    if (!one.empty() && !other.empty())
      return (is_least ? "smaller of " : "larger of ") + one + " and " + other;
  }
  if (const auto *sum = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
      sum && (sum->getIntrinsicID() == llvm::Intrinsic::fmuladd || sum->getIntrinsicID() == llvm::Intrinsic::fma))
    if (const std::string text = infix(infix(at(0), "*", at(1)), "+", at(2)); !text.empty())
      return text;
  if (const auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction))
    return call_words(*call);
  return {};
}

std::string meanings::object_at(llvm::Value &address) {
  if (const auto *slot = llvm::dyn_cast<llvm::AllocaInst>(&address)) {
    if (const std::string bindings = bindings_in(address); !bindings.empty())
      return bindings;
    if (const llvm::DbgVariableRecord *record = variable_of(address)) {
      const llvm::DILocalVariable &variable = *record->getVariable();
      return variable.getName() == "__coro_frame" ? (elided_frame + plain_name(frame_owner(variable))).str()
                                                  : variable.getName().str();
    }
    if (std::string words = slot_words(slot->getName()); !words.empty())
      return words;
    about_ = {slot->getName().str(), "the temporary " + type_name(*slot->getAllocatedType())};
    return about_.words;
  }
  if (auto *gep = llvm::dyn_cast<llvm::GetElementPtrInst>(&address)) {
    llvm::APInt offset(64, 0);
    const llvm::DataLayout &layout = gep->getDataLayout();
    if (layout.getIndexTypeSizeInBits(gep->getType()) == 64 && gep->accumulateConstantOffset(layout, offset) &&
        offset.isNonNegative())
      return offset_object(*gep->getPointerOperand(), nullptr, offset.getZExtValue());
    return offset_object(*gep->getPointerOperand(), gep->getOperand(gep->getNumOperands() - 1), 0);
  }
  std::string pointer = expression(address);
  if (pointer.starts_with("address of "))
    return pointer.substr(11);
  const auto *record = llvm::isa<llvm::Constant>(address) ? nullptr : variable_of(pointer_holder(address));
  const auto *type =
      record ? llvm::dyn_cast_if_present<llvm::DIDerivedType>(plain_type(record->getVariable()->getType())) : nullptr;
  if (llvm::isa<llvm::GlobalValue>(address) || (type && type->getTag() != llvm::dwarf::DW_TAG_pointer_type))
    return pointer; // a reference is written as what it refers to
  if (pointer.empty())
    return {};
  if (pointer.starts_with("result of "))
    return "what the " + pointer + " points to";
  return "*" + operand(pointer);
}

/// The object `offset` bytes into what `base` points to or, with an `index`, the element of that index.
std::string meanings::offset_object(llvm::Value &base, llvm::Value *index, std::uint64_t offset) {
  if (const auto [array, element] = element_at(base, offset); array && !index)
    return "element " + std::to_string(element) + " of " + object_at(*array);
  const std::string object = object_at(base);
  if (object.empty())
    return {};
  if (index) {
    const std::string place = expression(*index);
    const std::string row = object.starts_with('*') ? object.substr(1) : object;
    return row + "[" + (place.empty() || is_compound(place) ? "…" : place) + "]";
  }
  const std::optional<std::string> path = member_path(type_at(base), offset);
  if (!path)
    return offset == 0 ? object : byte_of(object, offset);
  if (object.starts_with('*') && path->starts_with('.'))
    return object.substr(1) + "->" + path->substr(1);
  return object + *path;
}

std::string meanings::of_phi(llvm::PHINode &phi) {
  if (std::string words = by_name(phi); !words.empty())
    return words;
  std::vector<std::string> all;
  for (llvm::Value *incoming : phi.incoming_values()) {
    if (active_.contains(incoming) || llvm::isa<llvm::UndefValue>(incoming))
      continue;
    std::string words = expression(*incoming);
    if (words.empty())
      return counter(phi);
    if (std::ranges::find(all, words) == all.end())
      all.push_back(std::move(words));
  }
  if (all.empty() || all.size() > 3)
    return counter(phi);
  std::string text;
  for (const std::string &words : all)
    text += (text.empty() ? "" : " or ") + words;
  return text;
}

/// Of a loop that LLVM counts by itself: "counter from 0 by 4".
std::string meanings::counter(llvm::PHINode &phi) {
  std::string start;
  std::string step;
  for (llvm::Value *incoming : phi.incoming_values()) {
    const auto *sum = llvm::dyn_cast<llvm::Instruction>(incoming);
    if (sum && sum->getOpcode() == llvm::Instruction::Add && sum->getOperand(0) == &phi)
      step = expression(*sum->getOperand(1));
    else
      start = expression(*incoming);
  }
  return start.empty() || step.empty() ? "" : "counter from " + start + " by " + step;
}

/// A pass that makes a value out of a variable names it after the variable.
std::string meanings::by_name(const llvm::Value &value) const {
  const auto [stem, suffix] = value.getName().split('.');
  if (suffix.empty() || !variables_.contains(stem))
    return slot_words(value.getName());
  if (suffix.contains("idx"))
    return "offset of " + stem.str();
  return suffix.starts_with("sroa") ? "part of " + stem.str() : stem.str();
}

/// What a value is good for, where nothing tells what it is.
std::string meanings::by_use(llvm::Value &value) {
  for (llvm::User *user : value.users())
    if (auto *gep = llvm::dyn_cast<llvm::GetElementPtrInst>(user); gep && gep->getPointerOperand() != &value)
      if (const std::string object = object_at(*gep->getPointerOperand()); !object.empty())
        return "offset into " + object;
  return {};
}

} // namespace coroscope::lowering
