// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "instrument/guards.h"

#include "instrument/recorder_functions.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/MDBuilder.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/BasicBlockUtils.h>

#include <vector>

namespace coroscope::instrument {
namespace {

void guard(llvm::CallInst &call, llvm::Value &is_on) {
  llvm::IRBuilder<> builder(&call); // with the debug location of the call
  llvm::LoadInst *on = builder.CreateLoad(builder.getInt8Ty(), &is_on, "coroscope.on");
  on->setAtomic(llvm::AtomicOrdering::Monotonic);
  on->setNoSanitizeMetadata();
  llvm::Value *records = builder.CreateIsNotNull(on);
  llvm::MDNode *unlikely = llvm::MDBuilder(call.getContext()).createUnlikelyBranchWeights();
  call.moveBefore(llvm::SplitBlockAndInsertIfThen(records, &call, /*Unreachable=*/false, unlikely)->getIterator());
}

} // namespace

void guard_calls(llvm::Module &module) {
  std::vector<llvm::CallInst *> calls;
  for (llvm::FunctionCallee callee : {event_function(module), transfer_function(module), returned_function(module)})
    for (llvm::User *user : callee.getCallee()->users())
      if (auto *call = llvm::dyn_cast<llvm::CallInst>(user))
        calls.push_back(call);
  if (calls.empty())
    return;
  llvm::Value *is_on = module.getOrInsertGlobal(switch_name, llvm::Type::getInt8Ty(module.getContext()));
  for (llvm::CallInst *call : calls)
    guard(*call, *is_on);
}

} // namespace coroscope::instrument
