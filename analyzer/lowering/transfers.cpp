// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/transfers.h"

#include "lowering/tag.h"

#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>

#include <algorithm>

namespace coroscope::lowering {
namespace {

/// The handle goes to coro.subfn.addr, which finds the function, and to that function.
bool is_resumed_by_tail_call(const llvm::CallBase &handle) {
  return std::ranges::any_of(handle.users(), [](const llvm::User *user) {
    const auto *call = llvm::dyn_cast<llvm::CallInst>(user);
    return call && call->isMustTailCall();
  });
}

} // namespace

std::vector<transfer> find_transfers(const llvm::Function &coroutine) {
  std::vector<transfer> found;
  for (const llvm::Instruction &instruction : llvm::instructions(coroutine)) {
    const auto *await = llvm::dyn_cast<llvm::CoroAwaitSuspendInst>(&instruction);
    if (!await || await->getIntrinsicID() != llvm::Intrinsic::coro_await_suspend_handle)
      continue;
    if (const std::optional<unsigned> ordinal = ordinal_of(*await))
      found.emplace_back(*ordinal, await->getWrapperFunction());
  }
  return found;
}

void read_transfers(std::span<const transfer> transfers, const llvm::Function &ramp, const llvm::Function *resume,
                    std::vector<lowered_suspend> &suspends) {
  for (const auto &[ordinal, wrapper] : transfers) {
    const auto suspend = std::ranges::find(suspends, ordinal, &lowered_suspend::ordinal);
    if (suspend == suspends.end())
      continue;
    for (const llvm::User *user : wrapper->users()) {
      const auto *call = llvm::dyn_cast<llvm::CallBase>(user);
      if (!call || call->getCalledOperand() != wrapper)
        continue;
      std::optional<transfer_form> &form = suspend->transfer;
      if (call->getFunction() == &ramp)
        form = form.value_or(transfer_form::ramp_call);
      else if (call->getFunction() == resume && form != transfer_form::tail_call)
        form = is_resumed_by_tail_call(*call) ? transfer_form::tail_call : transfer_form::call;
    }
  }
}

} // namespace coroscope::lowering
