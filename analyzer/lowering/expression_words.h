// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a C++ programmer would write what LLVM computes: constants as the variable's type has them, and the simple
// operations that the split repeats behind a suspend.
#pragma once

#include "lowering/residents.h"

#include <string>

namespace llvm {
class Constant;
class DIType;
class Value;
} // namespace llvm

namespace coroscope::lowering {

/// "4", "true", "nullptr", "2.5"; "" for what has no short spelling.
std::string constant_words(const llvm::Constant &constant, const llvm::DIType *type);

/// "n + 1", with the names of `values`; "" where an operand has none.
std::string expression_words(const llvm::Value &value, const described_values &values);

} // namespace coroscope::lowering
