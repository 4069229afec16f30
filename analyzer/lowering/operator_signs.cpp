// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/operator_signs.h"

namespace coroscope::lowering {

llvm::StringRef sign_of(llvm::Instruction::BinaryOps operation) {
  switch (operation) {
  case llvm::Instruction::Add:
  case llvm::Instruction::FAdd:
    return "+";
  case llvm::Instruction::Or:
    return "|";
  case llvm::Instruction::Sub:
  case llvm::Instruction::FSub:
    return "-";
  case llvm::Instruction::Mul:
  case llvm::Instruction::FMul:
    return "*";
  case llvm::Instruction::UDiv:
  case llvm::Instruction::SDiv:
  case llvm::Instruction::FDiv:
    return "/";
  case llvm::Instruction::URem:
  case llvm::Instruction::SRem:
  case llvm::Instruction::FRem:
    return "%";
  case llvm::Instruction::Shl:
    return "<<";
  case llvm::Instruction::LShr:
  case llvm::Instruction::AShr:
    return ">>";
  case llvm::Instruction::And:
    return "&";
  default:
    return "^";
  }
}

llvm::StringRef sign_of(llvm::CmpInst::Predicate predicate) {
  using llvm::CmpInst;
  switch (predicate) {
  case CmpInst::ICMP_EQ:
  case CmpInst::FCMP_OEQ:
  case CmpInst::FCMP_UEQ:
    return "==";
  case CmpInst::ICMP_NE:
  case CmpInst::FCMP_ONE:
  case CmpInst::FCMP_UNE:
    return "!=";
  case CmpInst::ICMP_UGT:
  case CmpInst::ICMP_SGT:
  case CmpInst::FCMP_OGT:
  case CmpInst::FCMP_UGT:
    return ">";
  case CmpInst::ICMP_UGE:
  case CmpInst::ICMP_SGE:
  case CmpInst::FCMP_OGE:
  case CmpInst::FCMP_UGE:
    return ">=";
  case CmpInst::ICMP_ULT:
  case CmpInst::ICMP_SLT:
  case CmpInst::FCMP_OLT:
  case CmpInst::FCMP_ULT:
    return "<";
  case CmpInst::ICMP_ULE:
  case CmpInst::ICMP_SLE:
  case CmpInst::FCMP_OLE:
  case CmpInst::FCMP_ULE:
    return "<=";
  default:
    return "";
  }
}

} // namespace coroscope::lowering
