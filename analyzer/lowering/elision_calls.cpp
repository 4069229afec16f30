// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The number is a discriminator, as profiles use them: it changes no code, and is copied with the place when the call
// is inlined.
#include "lowering/elision_calls.h"

#include "lowering/place.h"

#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>

#include <algorithm>
#include <vector>

namespace coroscope::lowering {
namespace {

std::string symbol_of(const llvm::DISubprogram &function) {
  return host_name(function.getLinkageName().empty() ? function.getName() : function.getLinkageName());
}

} // namespace

std::string host_name(llvm::StringRef function) {
  for (const llvm::StringRef clone : {".resume", ".destroy", ".cleanup", ".noalloc"})
    function.consume_back(clone);
  return function.starts_with(variable_initialiser) ? variable_initialiser : function.str(); // they are numbered
}

void each_call(llvm::Module &module, const std::set<std::string> &ramps,
               llvm::function_ref<void(llvm::CallBase &)> visit) {
  for (const std::string &name : ramps)
    if (llvm::Function *ramp = module.getFunction(name))
      for (llvm::User *user : ramp->users())
        if (auto *call = llvm::dyn_cast<llvm::CallBase>(user);
            call && call->getCalledFunction() == ramp && call->getFunction())
          visit(*call);
}

void call_places::number(llvm::Module &module, const std::set<std::string> &ramps) {
  std::map<call_key, unsigned> counts;
  std::set<const llvm::Function *> callers;
  each_call(module, ramps, [&](const llvm::CallBase &call) {
    if (const std::optional<call_key> key = key_at(call.getDebugLoc().get(), *call.getCalledFunction()))
      ++counts[*key];
    callers.insert(call.getFunction());
  });
  std::erase_if(counts, [](const auto &entry) { return entry.second < 2; });
  several_ = std::move(counts);
  if (several_.empty())
    return;
  std::map<call_key, unsigned> seen;
  for (llvm::Function &caller : module)
    if (callers.contains(&caller))
      for (llvm::Instruction &instruction : llvm::instructions(caller))
        number(instruction, ramps, seen);
}

void call_places::number(llvm::Instruction &instruction, const std::set<std::string> &ramps,
                         std::map<call_key, unsigned> &seen) const {
  const auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction);
  const llvm::Function *callee = call ? call->getCalledFunction() : nullptr;
  if (!callee || !ramps.contains(callee->getName().str()))
    return;
  const llvm::DILocation *location = call->getDebugLoc().get();
  std::optional<call_key> key = key_at(location, *callee);
  if (!key)
    return;
  key->ordinal = 1;
  if (several_.contains(*key))
    instruction.setDebugLoc(location->cloneWithDiscriminator(++seen[*key]));
}

std::optional<call_key> call_places::key_at(const llvm::DILocation *location, const llvm::Function &callee) const {
  if (!location || location->getLine() == 0)
    return std::nullopt;
  const llvm::DISubprogram *caller = location->getScope()->getSubprogram();
  if (!caller)
    return std::nullopt;
  call_key key{symbol_of(*caller), callee.getName().str(), place_of(llvm::DebugLoc(location)).value_or(place{})};
  if (const auto known = several_.find(key); known != several_.end())
    key.ordinal = std::clamp(location->getDiscriminator(), 1u, known->second);
  return key;
}

unsigned call_places::count(call_key key) const {
  key.ordinal = 1;
  const auto known = several_.find(key);
  return known == several_.end() ? 1 : known->second;
}

const llvm::DILocation *inlined_call(const llvm::CoroIdInst &id) {
  const llvm::DISubprogram *callee = id.getCoroutine()->getSubprogram();
  const auto outside = [&](const llvm::Instruction &instruction) -> const llvm::DILocation * {
    for (const llvm::DILocation *at = instruction.getDebugLoc().get(); at; at = at->getInlinedAt())
      if (at->getScope()->getSubprogram() == callee)
        return at->getInlinedAt();
    return nullptr;
  };
  if (const llvm::DILocation *found = outside(id))
    return found;
  for (const llvm::User *user : id.users())
    if (const llvm::DILocation *found = outside(*llvm::cast<llvm::Instruction>(user)))
      return found;
  return nullptr;
}

call_host written_call(const llvm::DILocation *location, const std::set<std::string> &files) {
  call_host call;
  for (; location; location = location->getInlinedAt()) {
    call = {symbol_of(*location->getScope()->getSubprogram()), place_of(llvm::DebugLoc(location)).value_or(place{})};
    if (files.contains(call.where.file))
      break;
  }
  return call;
}

std::set<std::string> own_files(const llvm::Module &module, const std::set<std::string> &ramps) {
  std::set<std::string> files;
  for (const llvm::DICompileUnit *unit : module.debug_compile_units())
    files.insert(path_of(unit->getFile()));
  for (const std::string &name : ramps)
    if (const llvm::Function *ramp = module.getFunction(name); ramp && ramp->getSubprogram())
      files.insert(path_of(ramp->getSubprogram()->getFile()));
  return files;
}

place outermost(const llvm::DILocation *location) {
  while (location && location->getInlinedAt())
    location = location->getInlinedAt();
  return place_of(llvm::DebugLoc(location)).value_or(place{});
}

} // namespace coroscope::lowering
