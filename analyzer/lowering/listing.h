// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A function's IR as a person reads it: no debug records, no metadata, no attribute groups, names demangled; each line
// tied to the place of the source that it stems from.
#pragma once

#include "lowering/lowered.h"

namespace llvm {
class DILocation;
class DISubprogram;
class Function;
} // namespace llvm

namespace coroscope::lowering {

lowered_listing ir_listing(const llvm::Function &function);

/// Of the calls that were inlined on the way to `location`, the innermost one in the file that `function` is in; null
/// where none is.
const llvm::DILocation *own_location(const llvm::DILocation *location, const llvm::DISubprogram &function);

/// `text` with its symbols demangled, but for those that would read alike; each between `quote`s.
std::string demangled_text(const std::string &text, const std::string &quote);

} // namespace coroscope::lowering
