// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which member lies at an offset of a type, as far as debug info tells.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace llvm {
class DIType;
} // namespace llvm

namespace coroscope::lowering {

/// Without const, volatile and aliases; null stays null.
const llvm::DIType *plain_type(const llvm::DIType *type);

/// What a pointer or reference points to; null for another type.
const llvm::DIType *pointee(const llvm::DIType *type);

/// ".left.x" or "[2].x" for the member that begins `offset` bytes into an object of `type`; "" for offset 0; absent
/// where no member begins there or the type is not described.
std::optional<std::string> member_path(const llvm::DIType *type, std::uint64_t offset);

/// The innermost type of exactly `size` bytes that lies at an offset of `type`; null where none does.
const llvm::DIType *member_type(const llvm::DIType *type, std::uint64_t offset, std::uint64_t size);

/// The outermost member that begins at an offset of `type`; null where none does.
const llvm::DIType *member_at(const llvm::DIType *type, std::uint64_t offset);

} // namespace coroscope::lowering
