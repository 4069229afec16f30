// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How C++ writes what LLVM's operations do: add -> "+", icmp sle -> "<=".
#pragma once

#include <llvm/IR/InstrTypes.h>

namespace coroscope::lowering {

llvm::StringRef sign_of(llvm::Instruction::BinaryOps operation);

/// Empty for what C++ has no sign for.
llvm::StringRef sign_of(llvm::CmpInst::Predicate predicate);

} // namespace coroscope::lowering
