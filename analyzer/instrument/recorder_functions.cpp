// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "instrument/recorder_functions.h"

#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

namespace coroscope::instrument {
namespace {

constexpr llvm::StringRef event_name = "coroscope_trace_event";
constexpr llvm::StringRef transfer_name = "coroscope_trace_transfer";
constexpr llvm::StringRef returned_name = "coroscope_trace_returned";

/// The attributes keep every conclusion that the optimiser drew without the calls: they do not unwind, do not keep the
/// address of a frame and change nothing that the program can read.
llvm::FunctionCallee recorder_function(llvm::Module &module, llvm::StringRef name, llvm::ArrayRef<llvm::Type *> types,
                                       unsigned frames) {
  llvm::LLVMContext &context = module.getContext();
  llvm::FunctionCallee callee =
      module.getOrInsertFunction(name, llvm::FunctionType::get(llvm::Type::getVoidTy(context), types, false));
  if (auto *function = llvm::dyn_cast<llvm::Function>(callee.getCallee()); function && function->isDeclaration()) {
    function->setDoesNotThrow();
    function->setWillReturn();
    function->setMemoryEffects(llvm::MemoryEffects::argMemOnly(llvm::ModRefInfo::Ref) |
                               llvm::MemoryEffects::inaccessibleMemOnly(llvm::ModRefInfo::ModRef));
    for (unsigned i = 0; i < frames; ++i)
      function->addParamAttr(i, llvm::Attribute::getWithCaptureInfo(context, llvm::CaptureInfo::none()));
  }
  return callee;
}

bool calls(const llvm::CallBase &call, llvm::StringRef name) {
  return call.getCalledFunction() && call.getCalledFunction()->getName() == name;
}

} // namespace

llvm::FunctionCallee event_function(llvm::Module &module) {
  llvm::Type *pointer = llvm::PointerType::getUnqual(module.getContext());
  llvm::Type *number = llvm::Type::getInt32Ty(module.getContext());
  return recorder_function(module, event_name, {pointer, pointer, number, number}, 1);
}

llvm::FunctionCallee transfer_function(llvm::Module &module) {
  llvm::Type *pointer = llvm::PointerType::getUnqual(module.getContext());
  return recorder_function(module, transfer_name, {pointer, pointer}, 2);
}

llvm::FunctionCallee returned_function(llvm::Module &module) {
  return recorder_function(module, returned_name, {llvm::PointerType::getUnqual(module.getContext())}, 1);
}

void call_recorder(llvm::Instruction &before, llvm::FunctionCallee callee, llvm::ArrayRef<llvm::Value *> arguments) {
  llvm::IRBuilder<> builder(&before);
  if (llvm::DISubprogram *subprogram = before.getFunction()->getSubprogram())
    builder.SetCurrentDebugLocation(llvm::DILocation::get(before.getContext(), 0, 0, subprogram));
  llvm::CallInst *inserted = builder.CreateCall(callee, arguments);
  inserted->setDoesNotThrow();
  // A ramp that is cheap enough to be inlined must stay so: elision depends on it.
  inserted->addFnAttr(llvm::Attribute::get(before.getContext(), "call-inline-cost", "0"));
}

bool is_event(const llvm::CallBase &call) { return calls(call, event_name); }

bool is_return_of_awaiter(const llvm::CallBase &call) { return calls(call, returned_name); }

bool is_end_of_awaiter(const llvm::CallBase &call) { return calls(call, transfer_name) || is_return_of_awaiter(call); }

} // namespace coroscope::instrument
