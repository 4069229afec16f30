// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/expression_words.h"

#include "lowering/meaning.h"
#include "lowering/operator_signs.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/GlobalVariable.h>
#include <llvm/IR/InstrTypes.h>
#include <llvm/IR/Instructions.h>

namespace coroscope::lowering {
namespace {

/// The encoding of the number behind typedefs and const; 0 for what is none.
unsigned encoding_of(const llvm::DIType *type) {
  while (const auto *derived = llvm::dyn_cast_if_present<llvm::DIDerivedType>(type))
    type = derived->getBaseType();
  const auto *basic = llvm::dyn_cast_if_present<llvm::DIBasicType>(type);
  return basic ? basic->getEncoding() : 0;
}

std::string joined(const std::string &left, llvm::StringRef sign, const std::string &right) {
  return left.empty() || right.empty() || sign.empty() ? "" : left + " " + sign.str() + " " + right;
}

std::string operand_words(const llvm::Value &value, const described_values &values) {
  if (const auto *constant = llvm::dyn_cast<llvm::Constant>(&value))
    return constant_words(*constant, nullptr);
  const auto known = values.find(value.getName());
  if (known != values.end() && known->second.is_variable)
    return known->second.name;
  if (const auto *cast = llvm::dyn_cast<llvm::CastInst>(&value))
    return operand_words(*cast->getOperand(0), values);
  return known != values.end() ? known->second.meaning : "";
}

} // namespace

std::string constant_words(const llvm::Constant &constant, const llvm::DIType *type) {
  const unsigned encoding = encoding_of(type);
  if (const auto *number = llvm::dyn_cast<llvm::ConstantInt>(&constant)) {
    if (encoding == llvm::dwarf::DW_ATE_boolean || number->getBitWidth() == 1)
      return number->isZero() ? "false" : "true";
    const bool is_unsigned = encoding == llvm::dwarf::DW_ATE_unsigned || encoding == llvm::dwarf::DW_ATE_unsigned_char;
    llvm::SmallString<24> text;
    number->getValue().toString(text, 10, !is_unsigned);
    return text.str().str();
  }
  if (const auto *number = llvm::dyn_cast<llvm::ConstantFP>(&constant)) {
    llvm::SmallString<24> text;
    number->getValueAPF().toString(text);
    return text.str().str();
  }
  if (const auto *global = llvm::dyn_cast<llvm::GlobalValue>(&constant))
    return "the address of " + (global->hasPrivateLinkage() ? "a literal" : plain_name(global->getName().str()));
  return llvm::isa<llvm::ConstantPointerNull>(constant) ? "nullptr" : "";
}

std::string expression_words(const llvm::Value &value, const described_values &values) {
  const auto *instruction = llvm::dyn_cast<llvm::Instruction>(&value);
  if (!instruction)
    return "";
  const auto operand = [&](unsigned number) { return operand_words(*instruction->getOperand(number), values); };
  if (const auto *binary = llvm::dyn_cast<llvm::BinaryOperator>(instruction)) {
    // LLVM writes n - 1 as n + -1.
    if (const auto *right = llvm::dyn_cast<llvm::ConstantInt>(binary->getOperand(1));
        right && right->isNegative() && binary->getOpcode() == llvm::Instruction::Add)
      return joined(operand(0), "-", operand(1).substr(1));
    return joined(operand(0), sign_of(binary->getOpcode()), operand(1));
  }
  if (const auto *comparison = llvm::dyn_cast<llvm::CmpInst>(instruction))
    return joined(operand(0), sign_of(comparison->getPredicate()), operand(1));
  if (llvm::isa<llvm::CastInst>(instruction))
    return operand(0);
  if (const auto *part = llvm::dyn_cast<llvm::GetElementPtrInst>(instruction)) {
    const std::string base = operand_words(*part->getPointerOperand()->stripInBoundsOffsets(), values);
    return base.empty() ? "" : "an address computed from " + base;
  }
  return "";
}

} // namespace coroscope::lowering
