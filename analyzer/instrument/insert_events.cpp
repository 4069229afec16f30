// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//   coro.begin                  frame_created, after it
//   coro.save                   suspended, before it and so before await_suspend is entered
//   coro.await.suspend.bool     not_suspended, where it returned false
//   coro.await.suspend.*        not_suspended, on the unwind edge
//   coro.await.suspend.*        at the end of the function that calls await_suspend: whose handle it returns, or that
//   it
//                               returns
//   coro.suspend                resumed and destroyed, on the edges 0 and 1 of what switches on it
//   coro.free                   frame_freed, before it
//   coro.end                    unwound, before one that an exception leads to
//   promise.unhandled_exception threw, before it; marked where the pipeline starts
#include "instrument/insert_events.h"

#include "instrument/recorder_functions.h"
#include "lowering/tag.h"

#include <coroscope/trace.h>

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>
#include <llvm/Transforms/Utils/BasicBlockUtils.h>

#include <vector>

namespace coroscope::instrument {
namespace {

using trace::event_kind;

constexpr llvm::StringRef mark_of_exception = "coroscope.threw";

class inserter {
public:
  inserter(llvm::Function &coroutine, llvm::GlobalVariable &unit, std::uint32_t index)
      : function_(coroutine), event_(event_function(*coroutine.getParent())), unit_(unit), index_(index) {}

  void run() {
    collect();
    if (!begin_)
      return;
    insert_created();
    for (llvm::CoroSaveInst *save : saves_)
      report(*save, event_kind::suspended, *save);
    for (llvm::CoroAwaitSuspendInst *await : awaits_)
      insert_not_suspended(*await);
    for (llvm::CoroAwaitSuspendInst *await : awaits_)
      insert_end_of_awaiter(*await->getWrapperFunction());
    for (llvm::CoroSuspendInst *suspend : suspends_)
      insert_continued(*suspend);
    for (llvm::CoroFreeInst *free : frees_)
      call(*free, what(event_kind::frame_freed, 0));
    for (llvm::CoroEndInst *end : unwinding_ends_)
      call(*end, what(event_kind::unwound, 0));
    for (llvm::Instruction *mark : exceptions_) {
      call(*mark, what(event_kind::threw, 0));
      mark->eraseFromParent();
    }
  }

private:
  void collect() {
    for (llvm::Instruction &instruction : llvm::instructions(function_)) {
      if (auto *begin = llvm::dyn_cast<llvm::CoroBeginInst>(&instruction)) {
        if (is_own(begin->getId()))
          begin_ = begin;
      } else if (auto *alloc = llvm::dyn_cast<llvm::CoroAllocInst>(&instruction)) {
        if (is_own(alloc->getArgOperand(0)))
          alloc_ = alloc;
      } else if (auto *free = llvm::dyn_cast<llvm::CoroFreeInst>(&instruction)) {
        if (is_own(free->getArgOperand(0)))
          frees_.push_back(free);
      } else if (auto *end = llvm::dyn_cast<llvm::CoroEndInst>(&instruction)) {
        if (end->isUnwind())
          unwinding_ends_.push_back(end);
      } else if (instruction.hasMetadata(mark_of_exception))
        exceptions_.push_back(&instruction);
      else if (!lowering::ordinal_of(instruction))
        continue;
      else if (auto *save = llvm::dyn_cast<llvm::CoroSaveInst>(&instruction))
        saves_.push_back(save);
      else if (auto *await = llvm::dyn_cast<llvm::CoroAwaitSuspendInst>(&instruction))
        awaits_.push_back(await);
      else if (auto *suspend = llvm::dyn_cast<llvm::CoroSuspendInst>(&instruction))
        suspends_.push_back(suspend);
    }
  }

  /// Ramps that were inlined here bring the intrinsics of their own frames.
  static bool is_own(const llvm::Value *token) {
    const auto *id = llvm::dyn_cast<llvm::CoroIdInst>(token);
    return id && id->getInfo().isPreSplit();
  }

  llvm::Value *what(event_kind kind, std::uint32_t number) const {
    return llvm::ConstantInt::get(llvm::Type::getInt32Ty(function_.getContext()),
                                  number << 8 | static_cast<std::uint32_t>(kind));
  }

  void call(llvm::Instruction &before, llvm::Value *what) {
    llvm::Value *index = llvm::ConstantInt::get(llvm::Type::getInt32Ty(function_.getContext()), index_);
    call_recorder(before, event_, {begin_, &unit_, index, what});
  }

  /// `tagged` carries the ordinal of the point.
  void report(llvm::Instruction &before, event_kind kind, const llvm::Instruction &tagged) {
    call(before, what(kind, *lowering::ordinal_of(tagged)));
  }

  /// Whether the frame was allocated is known when the ramp has been inlined or not: coro.alloc says it.
  void insert_created() {
    llvm::Instruction &next = *begin_->getNextNode();
    llvm::Value *number = what(event_kind::frame_created, 1);
    if (alloc_)
      number = llvm::SelectInst::Create(alloc_, number, what(event_kind::frame_created, 0), "coroscope.created",
                                        next.getIterator());
    call(next, number);
  }

  void insert_not_suspended(llvm::CoroAwaitSuspendInst &await) {
    if (auto *invoke = llvm::dyn_cast<llvm::InvokeInst>(static_cast<llvm::Instruction *>(&await)))
      report(*own_landing_pad(*invoke).getFirstInsertionPt(), event_kind::not_suspended, await);
    if (await.getIntrinsicID() != llvm::Intrinsic::coro_await_suspend_bool)
      return;
    llvm::Instruction *next = await.getNextNode();
    if (auto *invoke = llvm::dyn_cast<llvm::InvokeInst>(static_cast<llvm::Instruction *>(&await)))
      next = &*own_normal_block(*invoke).getFirstInsertionPt();
    llvm::Value *went_on = llvm::BinaryOperator::CreateNot(&await, "coroscope.went_on", next->getIterator());
    report(*llvm::SplitBlockAndInsertIfThen(went_on, next, /*Unreachable=*/false), event_kind::not_suspended, await);
  }

  static bool says_end_of_awaiter(const llvm::Instruction &instruction) {
    const auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction);
    return call && is_end_of_awaiter(*call);
  }

  /// Such an end is one with the suspend that follows it, for LLVM, if nothing comes between.
  static bool resumes_itself(const llvm::ReturnInst &end, const llvm::Argument &frame) {
    const auto *last = llvm::dyn_cast_or_null<llvm::CallBase>(end.getPrevNode());
    const auto *function = last ? llvm::dyn_cast<llvm::CoroSubFnInst>(last->getCalledOperand()) : nullptr;
    return function && function->getFrame()->stripPointerCasts() == &frame;
  }

  /// Clang makes a function of the call of await_suspend: (awaiter, frame) -> nothing, bool, or the handle's address.
  static void insert_end_of_awaiter(llvm::Function &wrapper) {
    if (wrapper.isDeclaration() || wrapper.arg_size() != 2 ||
        llvm::any_of(llvm::instructions(wrapper), says_end_of_awaiter)) // another point of the coroutine has it too
      return;
    llvm::Argument &frame = *wrapper.getArg(1);
    for (llvm::BasicBlock &block : wrapper)
      if (auto *end = llvm::dyn_cast<llvm::ReturnInst>(block.getTerminator())) {
        if (wrapper.getReturnType()->isPointerTy())
          call_recorder(*end, transfer_function(*wrapper.getParent()), {&frame, end->getReturnValue()});
        else if (!resumes_itself(*end, frame))
          call_recorder(*end, returned_function(*wrapper.getParent()), {&frame});
      }
    wrapper.setMemoryEffects(llvm::MemoryEffects::unknown()); // those of the recorder come to what was known
  }

  llvm::BasicBlock &own_landing_pad(llvm::InvokeInst &invoke) {
    llvm::BasicBlock *pad = invoke.getUnwindDest();
    if (pad->getUniquePredecessor())
      return *pad;
    llvm::SmallVector<llvm::BasicBlock *, 2> made;
    llvm::SplitLandingPadPredecessors(pad, invoke.getParent(), ".coroscope", ".rest", made);
    return *made.front();
  }

  llvm::BasicBlock &own_normal_block(llvm::InvokeInst &invoke) {
    llvm::BasicBlock *block = invoke.getNormalDest();
    return block->getUniquePredecessor() ? *block : *llvm::SplitEdge(invoke.getParent(), block);
  }

  void insert_continued(llvm::CoroSuspendInst &suspend) {
    llvm::SwitchInst &choice = switch_on(suspend);
    if (!suspend.isFinal()) // resuming at the final point is undefined
      report_edge(choice, 0, event_kind::resumed, suspend);
    report_edge(choice, 1, event_kind::destroyed, suspend);
  }

  /// The switch that follows the suspend; one of its own where the optimiser left something else.
  llvm::SwitchInst &switch_on(llvm::CoroSuspendInst &suspend) {
    llvm::BasicBlock *block = suspend.getParent();
    if (suspend.hasOneUse())
      if (auto *there = llvm::dyn_cast<llvm::SwitchInst>(*suspend.user_begin()); there && there->getParent() == block)
        return *there;
    llvm::BasicBlock *rest = llvm::SplitBlock(block, suspend.getNextNode());
    llvm::Instruction *branch = block->getTerminator();
    auto *choice = llvm::SwitchInst::Create(&suspend, rest, 2, branch->getIterator());
    choice->setDebugLoc(branch->getDebugLoc());
    branch->eraseFromParent();
    return *choice;
  }

  void report_edge(llvm::SwitchInst &choice, std::uint8_t value, event_kind kind, const llvm::Instruction &tagged) {
    llvm::LLVMContext &context = function_.getContext();
    auto *number = llvm::ConstantInt::get(llvm::Type::getInt8Ty(context), value);
    const auto taken = choice.findCaseValue(number);
    const bool by_default = taken == choice.case_default();
    llvm::BasicBlock *from = choice.getParent();
    llvm::BasicBlock *to = taken->getCaseSuccessor();
    if (llvm::isa<llvm::UnreachableInst>(to->getFirstNonPHIOrDbg()))
      return;
    llvm::BasicBlock *edge = llvm::BasicBlock::Create(context, "coroscope.edge", &function_, to);
    auto *branch = llvm::BranchInst::Create(to, edge);
    branch->setDebugLoc(choice.getDebugLoc());
    for (llvm::PHINode &phi : to->phis()) {
      phi.addIncoming(phi.getIncomingValueForBlock(from), edge);
      if (!by_default)
        phi.removeIncomingValue(from);
    }
    if (by_default)
      llvm::SwitchInstProfUpdateWrapper(choice).addCase(number, edge, 0);
    else
      taken->setSuccessor(edge);
    report(*branch, kind, tagged);
  }

  llvm::Function &function_;
  llvm::FunctionCallee event_;
  llvm::GlobalVariable &unit_;
  std::uint32_t index_;
  llvm::CoroBeginInst *begin_ = nullptr;
  llvm::CoroAllocInst *alloc_ = nullptr;
  std::vector<llvm::CoroSaveInst *> saves_;
  std::vector<llvm::CoroAwaitSuspendInst *> awaits_;
  std::vector<llvm::CoroSuspendInst *> suspends_;
  std::vector<llvm::CoroFreeInst *> frees_;
  std::vector<llvm::CoroEndInst *> unwinding_ends_;
  std::vector<llvm::Instruction *> exceptions_;
};

bool begins_handler(const llvm::CallBase &call) {
  return call.getCalledFunction() && call.getCalledFunction()->getName() == "__cxa_begin_catch";
}

/// Whether the call is the first that a handler of exceptions makes.
bool is_first_in_handler(const llvm::CallBase &call) {
  const llvm::Instruction *before = &call;
  while ((before = before->getPrevNode()))
    if (const auto *other = llvm::dyn_cast<llvm::CallBase>(before); other && !llvm::isa<llvm::IntrinsicInst>(other))
      return begins_handler(*other);
  return false;
}

/// A promise may have it as a static function or as an object that is called, with further arguments. The handler of
/// the body does nothing else.
bool tells_promise_of_exception(const llvm::Instruction &instruction, const llvm::AllocaInst &promise) {
  const auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction);
  if (!call || llvm::isa<llvm::IntrinsicInst>(call))
    return false;
  const bool takes_promise =
      llvm::any_of(call->args(), [&](const llvm::Use &use) { return use->stripInBoundsOffsets() == &promise; });
  const bool has_name =
      call->getCalledFunction() && call->getCalledFunction()->getName().contains("19unhandled_exception");
  return (takes_promise && has_name) || ((takes_promise || has_name) && is_first_in_handler(*call));
}

const llvm::AllocaInst *promise_of(const llvm::Function &coroutine) {
  for (const llvm::Instruction &instruction : llvm::instructions(coroutine))
    if (const auto *id = llvm::dyn_cast<llvm::CoroIdInst>(&instruction))
      return id->getPromise();
  return nullptr;
}

void mark_exceptions(llvm::Function &coroutine) {
  const llvm::AllocaInst *promise = promise_of(coroutine);
  if (!promise)
    return;
  for (llvm::Instruction &instruction : llvm::instructions(coroutine)) {
    if (!tells_promise_of_exception(instruction, *promise))
      continue;
    // An intrinsic that no pass takes away and that becomes no code.
    llvm::CallInst *mark = llvm::IRBuilder<>(&instruction).CreateIntrinsic(llvm::Intrinsic::sideeffect, {});
    mark->setMetadata(mark_of_exception, llvm::MDNode::get(coroutine.getContext(), {}));
  }
}

} // namespace

void insert_events(llvm::Function &coroutine, llvm::GlobalVariable &unit, std::uint32_t index) {
  inserter(coroutine, unit, index).run();
}

void mark_exceptions(llvm::Module &module) {
  for (llvm::Function &function : module)
    if (function.isPresplitCoroutine())
      mark_exceptions(function);
}

} // namespace coroscope::instrument
