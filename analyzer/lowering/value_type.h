// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which type of the source a value has that is no variable.
//
//   %6 = load i64, ptr %text._M_string_length -> "size_type", resolved to "unsigned long"
//   %p = getelementptr i32, ptr %v, %i        -> "int *"
#pragma once

#include "lowering/residents.h"

#include <string>

namespace llvm {
class Function;
class Value;
} // namespace llvm

namespace coroscope::lowering {

/// From the variables and members that it is read from, computed from, stored to or passed as, which debug info tells
/// the types of; empty where they tell none of the value's size, or contradict each other.
std::string source_type(llvm::Value &value);

/// Gives the source's types to the SSA values and scalar slots of `values` that are kept (that have a reason) and have
/// no more than LLVM's type.
void add_types(llvm::Function &coroutine, described_values &values);

} // namespace coroscope::lowering
