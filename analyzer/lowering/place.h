// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where debug info says that something is.
#pragma once

#include "lowering/lowered.h"

namespace llvm {
class DIFile;
class DebugLoc;
} // namespace llvm

namespace coroscope::lowering {

/// Absent where there is no location, or line 0, which stands for "nowhere in the source".
std::optional<place> place_of(const llvm::DebugLoc &location);

/// The functions that were inlined to bring `location` where it is, innermost first, each with its call.
std::vector<lowered_inline> inlined_at(const llvm::DebugLoc &location);

/// The absolute path of a file of debug info; "" for none.
std::string path_of(const llvm::DIFile *file);

} // namespace coroscope::lowering
