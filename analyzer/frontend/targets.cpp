// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/targets.h"

#include <llvm/Support/CommandLine.h>
#include <llvm/Support/TargetSelect.h>

namespace coroscope::frontend {

void initialize_targets() {
  static const bool once = [] {
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    llvm::InitializeAllAsmParsers();
    // The syntax of the vendors' manuals; elsewhere there is but one.
    if (const auto syntax = llvm::cl::getRegisteredOptions().find("x86-asm-syntax");
        syntax != llvm::cl::getRegisteredOptions().end())
      syntax->second->addOccurrence(1, "x86-asm-syntax", "intel");
    return true;
  }();
  (void)once;
}

} // namespace coroscope::frontend
