// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/slot_words.h"

#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>

namespace coroscope::lowering {
namespace {

/// The object that the block hands to a function first: where the block cleans up, the one that is destroyed.
llvm::AllocaInst *first_argument_in(llvm::BasicBlock &block) {
  for (llvm::Instruction &instruction : block)
    if (auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction);
        call && !llvm::isa<llvm::IntrinsicInst>(call) && call->arg_size() > 0)
      return llvm::dyn_cast<llvm::AllocaInst>(call->getArgOperand(0)->stripInBoundsOffsets());
  return nullptr;
}

/// Whether `value` decides the branch, perhaps narrowed or compared with zero.
llvm::BranchInst *branch_on(llvm::Value &value) {
  for (llvm::User *user : value.users()) {
    if (auto *branch = llvm::dyn_cast<llvm::BranchInst>(user); branch && branch->isConditional())
      return branch;
    if (llvm::isa<llvm::TruncInst, llvm::ICmpInst>(user))
      if (llvm::BranchInst *branch = branch_on(*user))
        return branch;
  }
  return nullptr;
}

} // namespace

std::string slot_words(llvm::StringRef name) {
  static constexpr std::pair<llvm::StringLiteral, llvm::StringLiteral> names[] = {
      {"exn.slot", "exception in flight"},
      {"ehselector.slot", "exception's type selector"},
      {"exn", "exception in flight"},
      {"cleanup.dest", "where to go after clean-up"},
      {"cleanup.isactive", "whether a clean-up is due"},
      {"cleanup.cond", "whether a clean-up is due"},
      {"arrayinit.endOfInit", "end of the array elements made so far"},
      {"array.init.end", "end of the array elements made so far"},
      {"cond-cleanup.save", "value saved for a clean-up"},
      {"gro.active", "whether the return object was made"},
      {"coro.gro", "object that get_return_object made"},
      {"nrvo", "whether the return object is the local variable"},
      {"result.ptr", "address of the return object"},
      {"saved_stack", "stack pointer before a variable-length array"},
      {"vla", "variable-length array"},
      {"tmp.exprcleanup", "result, kept while temporaries are destroyed"},
      {"retval", "return value"}};
  for (const auto &[prefix, words] : names)
    if (name == prefix || (name.starts_with(prefix) && !llvm::isAlpha(name[prefix.size()])))
      return words.str();
  return {};
}

llvm::AllocaInst *guarded_by(llvm::AllocaInst &flag) {
  if (!flag.getName().starts_with("cleanup."))
    return nullptr;
  for (llvm::User *user : flag.users())
    if (auto *load = llvm::dyn_cast<llvm::LoadInst>(user))
      if (const llvm::BranchInst *branch = branch_on(*load))
        if (llvm::AllocaInst *object = first_argument_in(*branch->getSuccessor(0)))
          return object;
  return nullptr;
}

} // namespace coroscope::lowering
