// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/slot_words.h"

#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>

namespace coroscope::lowering {
namespace {

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

/// What a block of clean-up does first: that is what its flag is for.
guarded done_in(llvm::BasicBlock &block) {
  for (llvm::Instruction &instruction : block) {
    // Of an array that is half made, what lies before the end that was reached is destroyed.
    if (auto *comparison = llvm::dyn_cast<llvm::ICmpInst>(&instruction)) {
      if (auto *array = llvm::dyn_cast<llvm::AllocaInst>(comparison->getOperand(0)->stripInBoundsOffsets()))
        return {array, "is still to be destroyed as far as it was made"};
      if (comparison->getOperand(0)->getType()->isPointerTy() && !llvm::isa<llvm::Constant>(comparison->getOperand(1)))
        return {nullptr, "the new array is still to be destroyed as far as it was made"};
    }
    auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction);
    if (!call || call->arg_size() == 0)
      continue;
    auto *object = llvm::dyn_cast<llvm::AllocaInst>(call->getArgOperand(0)->stripInBoundsOffsets());
    const llvm::StringRef callee = call->getCalledFunction() ? call->getCalledFunction()->getName() : "";
    if (const auto *intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(call)) {
      if (object && intrinsic->getIntrinsicID() == llvm::Intrinsic::lifetime_end)
        return {object, "is still to leave its scope"};
      continue;
    }
    if (object)
      return {object, "is still to be destroyed"};
    if (callee == "__cxa_free_exception")
      return {nullptr, "the memory of the exception is still to be freed"};
    if (callee.starts_with("_Zdl") || callee.starts_with("_Zda"))
      return {nullptr, "the memory of the new object is still to be freed"};
    return {};
  }
  return {};
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

bool is_flag(const llvm::Value &value) { return value.getName().starts_with("cleanup."); }

guarded guarded_by(llvm::Value &flag) {
  if (!is_flag(flag))
    return {};
  if (llvm::isa<llvm::AllocaInst>(flag)) {
    for (llvm::User *user : flag.users())
      if (auto *load = llvm::dyn_cast<llvm::LoadInst>(user))
        if (const llvm::BranchInst *branch = branch_on(*load))
          if (guarded found = done_in(*branch->getSuccessor(0)); !found.words.empty())
            return found;
    return {};
  }
  const llvm::BranchInst *branch = branch_on(flag);
  return branch ? done_in(*branch->getSuccessor(0)) : guarded{};
}

} // namespace coroscope::lowering
