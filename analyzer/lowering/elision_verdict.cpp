// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pass wants a destroy that names the handle itself, not one read back from memory, on every way from the call to
// an end of the function. A handle that got into memory is therefore followed to where it became visible to others.
#include "lowering/elision_verdict.h"

#include "lowering/place.h"

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/Analysis/BlockFrequencyInfo.h>
#include <llvm/Analysis/BranchProbabilityInfo.h>
#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/Demangle/Demangle.h>
#include <llvm/IR/CFG.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Dominators.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <vector>

namespace coroscope::lowering {
namespace {

/// The place in the function itself, also where the code was inlined into it.
std::optional<place> place_in_function(const llvm::Instruction &instruction) {
  const llvm::DILocation *at = instruction.getDebugLoc().get();
  while (at && at->getInlinedAt())
    at = at->getInlinedAt();
  return place_of(llvm::DebugLoc(at));
}

/// Destroying it, as the pass sees it.
bool is_end(const llvm::User &user) {
  const auto *address = llvm::dyn_cast<llvm::CoroSubFnInst>(&user);
  return address && address->getIndex() == llvm::CoroSubFnInst::DestroyIndex;
}

/// Without template arguments, parameters and return type.
std::string short_name(const std::string &symbol) {
  llvm::ItaniumPartialDemangler demangler;
  if (demangler.partialDemangle(symbol.c_str()) || !demangler.isFunction())
    return symbol;
  const auto taken = [](char *text) {
    const std::string result = text ? text : "";
    std::free(text); // NOLINT(cppcoreguidelines-no-malloc): the demangler allocates so
    return result;
  };
  const std::string scope = taken(demangler.getFunctionDeclContextName(nullptr, nullptr));
  const std::string full = (scope.empty() ? "" : scope + "::") + taken(demangler.getFunctionBaseName(nullptr, nullptr));
  std::string name;
  int depth = 0;
  for (const char letter : full) {
    depth += letter == '<' ? 1 : 0;
    if (depth == 0)
      name += letter;
    depth -= letter == '>' && depth > 0 ? 1 : 0;
  }
  return name;
}

std::string name_of(const llvm::CallBase &call) {
  if (llvm::isa<llvm::CoroAwaitSuspendInst>(call))
    return "await_suspend";
  const llvm::Function *callee = call.getCalledFunction();
  return callee ? short_name(callee->getName().str()) : "a function that is known only at run time";
}

/// A call that may keep what it is given: not an intrinsic that only marks or moves memory.
const llvm::CallBase *taker(const llvm::User &user) {
  const auto *call = llvm::dyn_cast<llvm::CallBase>(&user);
  if (!call || llvm::isa<llvm::CoroAwaitSuspendInst>(call))
    return call;
  return llvm::isa<llvm::IntrinsicInst>(call) ? nullptr : call;
}

bool is_resume(const llvm::CallBase &call) {
  return !call.getCalledFunction() || call.getCalledFunction()->getName().ends_with(".resume");
}

/// The first call, in instruction order, that gets the address of `slot` or of a part of it.
const llvm::CallBase *first_taker(const llvm::Value &slot) {
  const llvm::CallBase *first = nullptr;
  std::vector<const llvm::Value *> work = {&slot};
  while (!work.empty()) {
    const llvm::Value *value = work.back();
    work.pop_back();
    for (const llvm::User *user : value->users()) {
      if (llvm::isa<llvm::GetElementPtrInst>(user))
        work.push_back(user);
      else if (const llvm::CallBase *call = taker(*user);
               call && (!first || (call->getParent() == first->getParent() && call->comesBefore(first))))
        first = call;
    }
  }
  return first;
}

constexpr const char *not_seen = "LLVM sees no destroy of it: ";

/// The object that holds the handle is given to `call`.
elision_verdict given_to(const llvm::CallBase &call) {
  const std::string name = name_of(call);
  const bool is_destructor = name.contains("::~");
  return {not_seen + (is_destructor ? name + ", which ends the object that holds its handle, is not inlined"
                                    : "the object that holds its handle is passed to " + name),
          place_in_function(call)};
}

elision_verdict stored(const llvm::StoreInst &store) {
  const std::optional<place> here = place_in_function(store);
  const llvm::Value *base = llvm::getUnderlyingObject(store.getPointerOperand());
  if (const auto *argument = llvm::dyn_cast<llvm::Argument>(base))
    return {not_seen + std::string(argument->hasStructRetAttr() ? "its handle is returned"
                                                                : "its handle is stored in an object of someone else"),
            here};
  if (const auto *global = llvm::dyn_cast<llvm::GlobalVariable>(base))
    return {not_seen + ("its handle is stored in " + llvm::demangle(global->getName().str())), here};
  if (llvm::isa<llvm::AllocaInst>(base))
    if (const llvm::CallBase *call = first_taker(*base))
      return given_to(*call);
  return {not_seen + std::string("its handle is stored in memory"), here};
}

/// Where the handle goes, for one that nobody is seen to destroy.
elision_verdict no_end(const llvm::CoroBeginInst &begin) {
  std::vector<const llvm::Value *> work = {&begin};
  std::set<const llvm::Value *> known = {&begin};
  elision_verdict passed;
  while (!work.empty()) {
    const llvm::Value *value = work.back();
    work.pop_back();
    for (const llvm::User *user : value->users()) {
      const auto *instruction = llvm::dyn_cast<llvm::Instruction>(user);
      if (!instruction)
        continue;
      if (const auto *store = llvm::dyn_cast<llvm::StoreInst>(user); store && store->getValueOperand() == value)
        return stored(*store);
      if (llvm::isa<llvm::ReturnInst>(user))
        return {not_seen + std::string("its handle is returned"), place_in_function(*instruction)};
      if (llvm::isa<llvm::PHINode, llvm::SelectInst, llvm::InsertValueInst, llvm::PtrToIntInst>(user)) {
        if (known.insert(user).second)
          work.push_back(user);
      } else if (const llvm::CallBase *call = taker(*user); call && !is_resume(*call) && passed.reason.empty()) {
        passed = {not_seen + ("its handle is passed to " + name_of(*call)), place_in_function(*call)};
      }
    }
  }
  return passed.reason.empty() ? elision_verdict{"nothing destroys it here", std::nullopt} : passed;
}

/// The blocks that the pass steps to: from a suspend only to where it is resumed or destroyed.
std::vector<const llvm::BasicBlock *> steps_from(const llvm::BasicBlock &block) {
  const auto *jump = llvm::dyn_cast<llvm::SwitchInst>(block.getTerminator());
  if (jump && llvm::isa<llvm::CoroSuspendInst>(jump->getCondition()) && jump->getNumCases() == 2)
    return {jump->getSuccessor(1), jump->getSuccessor(2)};
  return {llvm::succ_begin(&block), llvm::succ_end(&block)};
}

std::set<const llvm::BasicBlock *> blocks_that_reach(const std::set<const llvm::BasicBlock *> &goals) {
  std::set<const llvm::BasicBlock *> reached = goals;
  std::vector<const llvm::BasicBlock *> work(goals.begin(), goals.end());
  while (!work.empty()) {
    const llvm::BasicBlock *block = work.back();
    work.pop_back();
    for (const llvm::BasicBlock *before : llvm::predecessors(block))
      if (reached.insert(before).second)
        work.push_back(before);
  }
  return reached;
}

using block_parents = std::map<const llvm::BasicBlock *, const llvm::BasicBlock *>;

/// The branch on the way to `end` after which no destroy can follow.
elision_verdict way_out(const llvm::BasicBlock *end, const block_parents &parents,
                        const std::set<const llvm::BasicBlock *> &ends) {
  const std::set<const llvm::BasicBlock *> hopeful = blocks_that_reach(ends);
  const bool is_exception = llvm::isa<llvm::ResumeInst>(end->getTerminator());
  const llvm::Instruction *decision = end->getTerminator();
  for (const llvm::BasicBlock *block = end; block; block = parents.at(block))
    if (hopeful.contains(block)) {
      decision = block->getTerminator();
      break;
    }
  return {is_exception ? "LLVM sees a path that does not destroy it: an exception that leaves the caller"
                       : "LLVM sees a path through the caller that does not destroy it",
          place_in_function(*decision)};
}

/// Looks for a way from `begin` to an end of the function that passes no destroy, as far as the pass itself looks.
elision_verdict open_path(const llvm::CoroBeginInst &begin, const std::set<const llvm::BasicBlock *> &ends) {
  std::size_t limit = 32 * (1 + ends.size());
  block_parents parents = {{begin.getParent(), nullptr}};
  std::vector<const llvm::BasicBlock *> work = {begin.getParent()};
  std::set<const llvm::BasicBlock *> visited = ends;
  while (!work.empty()) {
    const llvm::BasicBlock *block = work.back();
    work.pop_back();
    if (!visited.insert(block).second)
      continue;
    const llvm::Instruction *terminator = block->getTerminator();
    if (terminator->getNumSuccessors() == 0) {
      if (!llvm::isa<llvm::UnreachableInst>(terminator))
        return way_out(block, parents, ends);
      continue;
    }
    if (--limit == 0)
      return {"there are more paths to follow than LLVM looks at", std::nullopt};
    for (const llvm::BasicBlock *next : steps_from(*block))
      if (parents.try_emplace(next, block).second)
        work.push_back(next);
  }
  return {"LLVM did not see that every path destroys it", std::nullopt};
}

/// How often a block runs for each time its function is entered, in percent.
std::uint64_t percent_of_entries(llvm::Function &function, const llvm::BasicBlock &block) {
  const llvm::DominatorTree tree(function);
  const llvm::LoopInfo loops(tree);
  const llvm::BranchProbabilityInfo probabilities(function, loops);
  const llvm::BlockFrequencyInfo frequencies(function, probabilities, loops);
  const double entry = static_cast<double>(frequencies.getEntryFreq().getFrequency());
  const double here = static_cast<double>(frequencies.getBlockFreq(&block).getFrequency());
  return entry == 0 ? 0 : static_cast<std::uint64_t>(here * 100 / entry);
}

} // namespace

elision_verdict why_not_annotation(const llvm::CallBase &call) {
  llvm::Function &caller = *const_cast<llvm::CallBase &>(call).getFunction();
  const std::optional<place> here = place_of(call.getDebugLoc());
  if (!caller.isPresplitCoroutine())
    return {"the caller was split before the callee was", here};
  const std::uint64_t percent = percent_of_entries(caller, *call.getParent());
  if (percent < 55)
    return {"the call is reached in " + (percent == 0 ? "less than 1" : "about " + std::to_string(percent)) +
                " of 100 runs of the caller; LLVM elides from 55 on",
            here};
  return {"LLVM could not inline the callee's ramp", here};
}

elision_verdict why_not_elided(const llvm::CoroIdInst &id, const llvm::DominatorTree &tree) {
  const auto is_alloc = [](const llvm::User *user) { return llvm::isa<llvm::CoroAllocInst>(user); };
  if (std::ranges::none_of(id.users(), is_alloc))
    return {"its allocation can no longer be left out", std::nullopt};
  for (const llvm::User *user : id.users()) {
    const auto *begin = llvm::dyn_cast<llvm::CoroBeginInst>(user);
    if (!begin)
      continue;
    std::set<const llvm::BasicBlock *> ends;
    for (const llvm::User *use : begin->users())
      if (const auto *call = llvm::dyn_cast<llvm::Instruction>(use); call && is_end(*use))
        if (tree.isReachableFromEntry(call->getParent()))
          ends.insert(call->getParent());
    return ends.empty() ? no_end(*begin) : open_path(*begin, ends);
  }
  return {"it is optimised away", std::nullopt};
}

} // namespace coroscope::lowering
