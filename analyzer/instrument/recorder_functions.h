// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The recorder's functions (coroscope/trace.h) as the instrumented code calls them.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/IR/DerivedTypes.h>

namespace llvm {
class CallBase;
class Instruction;
class Module;
class Value;
} // namespace llvm

namespace coroscope::instrument {

/// Declared in the module where they are not yet.
llvm::FunctionCallee event_function(llvm::Module &module);
llvm::FunctionCallee transfer_function(llvm::Module &module);
llvm::FunctionCallee returned_function(llvm::Module &module);

/// std::atomic<bool>: whether a recording is going on.
inline constexpr llvm::StringLiteral switch_name = "coroscope_trace_on";

/// The argument of event_function that says what happened.
inline constexpr unsigned what_of_event = 3;

void call_recorder(llvm::Instruction &before, llvm::FunctionCallee callee, llvm::ArrayRef<llvm::Value *> arguments);

bool is_event(const llvm::CallBase &call);
/// Whether the call says that an await_suspend ends, in any way or by handing the thread to nobody.
bool is_end_of_awaiter(const llvm::CallBase &call);
bool is_return_of_awaiter(const llvm::CallBase &call);

} // namespace coroscope::instrument
