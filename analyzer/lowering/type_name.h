// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a C++ programmer would write a type that LLVM knows.
#pragma once

#include <string>

namespace llvm {
class DIType;
class Type;
} // namespace llvm

namespace coroscope::lowering {

/// From debug info; "" for a type that has no name there (void is "void").
std::string type_name(const llvm::DIType *type);

/// From an IR type: `%"class.std::thread"` is "std::thread", scalars in words ("4-byte integer", "pointer").
std::string type_name(const llvm::Type &type);

} // namespace coroscope::lowering
