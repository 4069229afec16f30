// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/place.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/DebugLoc.h>
#include <llvm/Support/Path.h>

namespace coroscope::lowering {

std::string path_of(const llvm::DIFile *file) {
  if (!file)
    return {};
  llvm::SmallString<128> path = file->getFilename();
  if (!llvm::sys::path::is_absolute(path)) {
    path = file->getDirectory();
    llvm::sys::path::append(path, file->getFilename());
  }
  return path.str().str();
}

std::optional<place> place_of(const llvm::DebugLoc &location) {
  if (!location || location.getLine() == 0)
    return std::nullopt;
  return place{path_of(llvm::cast<llvm::DIScope>(location.getScope())->getFile()),
               {location.getLine(), location.getCol()}};
}

} // namespace coroscope::lowering
