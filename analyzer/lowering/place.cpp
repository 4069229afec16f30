// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/place.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/DebugLoc.h>
#include <llvm/Support/Path.h>

namespace coroscope::lowering {
namespace {

/// "list<int>" -> "list", but "operator<<" as it is.
llvm::StringRef without_arguments(llvm::StringRef name) {
  return name.starts_with("operator") ? name : name.take_until([](char letter) { return letter == '<'; });
}

/// With its scopes, without template arguments: "std::vector::push_back".
std::string function_name(const llvm::DISubprogram &function) {
  std::string name = without_arguments(function.getName()).str();
  const llvm::DISubprogram *declared = function.getDeclaration() ? function.getDeclaration() : &function;
  for (const llvm::DIScope *scope = declared->getScope(); scope; scope = scope->getScope()) {
    const auto *space = llvm::dyn_cast<llvm::DINamespace>(scope);
    if (!scope->getName().empty() && !llvm::isa<llvm::DIFile>(scope) && !(space && space->getExportSymbols()))
      name = without_arguments(scope->getName()).str() + "::" + name;
  }
  return name;
}

} // namespace

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

std::vector<lowered_inline> inlined_at(const llvm::DebugLoc &location) {
  std::vector<lowered_inline> chain;
  for (const llvm::DILocation *at = location; at && at->getInlinedAt(); at = at->getInlinedAt())
    chain.push_back({function_name(*at->getScope()->getSubprogram()),
                     at->getScope()->getSubprogram()->getLinkageName().str(),
                     place_of(llvm::DebugLoc(at->getInlinedAt()))});
  return chain;
}

} // namespace coroscope::lowering
