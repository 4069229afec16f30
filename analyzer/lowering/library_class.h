// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Classes of libstdc++ that a reader of bytes knows by name: their layouts are part of its ABI.
//
//   DICompositeType --library_kind()--> string, vector, variant …; record for all others
#pragma once

#include "lowering/lowered.h"

#include <llvm/ADT/StringRef.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace llvm {
class DICompositeType;
class DIDerivedType;
class DIType;
} // namespace llvm

namespace coroscope::lowering {

shape_kind library_kind(const llvm::DICompositeType &type);

bool is_in_std(const llvm::DIType &type);

/// The types that the template was given; those of a parameter pack one by one.
std::vector<const llvm::DIType *> type_arguments(const llvm::DICompositeType &type);

/// The first value argument: the extent of a span, the size of an array.
std::optional<std::uint64_t> value_argument(const llvm::DICompositeType &type);

/// The data members and base classes, without empty ones.
std::vector<const llvm::DIDerivedType *> parts_of(const llvm::DICompositeType &type);

/// A data member of this name, at any depth of members and base classes: its offset in bytes.
std::optional<std::uint64_t> offset_of(const llvm::DICompositeType &type, llvm::StringRef name);

/// The elements of a tuple from the first one on, with their offsets in bytes; those without members are left out.
struct tuple_element {
  std::uint64_t index = 0;
  const llvm::DIType *type = nullptr;
  std::uint64_t offset = 0;
};
std::vector<tuple_element> tuple_elements(const llvm::DICompositeType &type);

} // namespace coroscope::lowering
