// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which source variable a value is, as far as debug info tells.
//
//   value --debug records--> the record that fits it best --> name, place, the part of the variable that it is
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace llvm {
class DIExpression;
class DbgVariableRecord;
class Value;
} // namespace llvm

namespace coroscope::lowering {

/// The record that ties `value` to a variable: one of the coroutine itself before one of inlined code. A value that a
/// variable was computed from, or that points to it, is not the variable. Null for none.
const llvm::DbgVariableRecord *variable_of(llvm::Value &value);

/// The object of a structured binding has no name of its own; debug info gives the slot the names of its parts, at
/// offsets: "[x, y]". Empty for any other slot.
std::string bindings_in(llvm::Value &slot);

/// Whether debug info calls an SSA value by the names of several variables of the coroutine itself, as after `a = b`.
bool is_of_several_variables(const llvm::Value &value);

/// Whether the value that the record tells of is the variable or a part of it, and not what it is computed from. A bool
/// may be told of as the bit that it was before it became a byte.
bool is_value(const llvm::DIExpression &expression);

/// First byte and number of bytes, where the record is about a part of its variable.
std::optional<std::pair<std::uint64_t, std::uint64_t>> part_of(const llvm::DbgVariableRecord &record);

/// Of the variable's declaration, where the record still stands for it; else 0.
unsigned column_of(const llvm::DbgVariableRecord &record);

} // namespace coroscope::lowering
