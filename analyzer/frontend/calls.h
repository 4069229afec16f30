// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which function a piece of Clang's tree calls, and where it suspends.
#pragma once

#include <clang/Basic/OperatorKinds.h>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringRef.h>

#include <optional>

namespace clang {
class CoroutineSuspendExpr;
class Expr;
class FunctionDecl;
class Stmt;
} // namespace clang

namespace coroscope::frontend {

/// The first callee in `statement`, in reading order, that `wanted` accepts; null where there is none.
const clang::FunctionDecl *find_callee(const clang::Stmt *statement,
                                       llvm::function_ref<bool(const clang::FunctionDecl &)> wanted);

/// The first callee of that name.
const clang::FunctionDecl *find_callee(const clang::Stmt *statement, llvm::StringRef name);

/// The first callee that is this operator.
const clang::FunctionDecl *find_callee(const clang::Stmt *statement, clang::OverloadedOperatorKind kind);

/// A call of a member of the promise, which the language adds: of a function, static or with an explicit object as
/// well, or of an object that can be called.
struct promise_call {
  llvm::StringRef member;
  const clang::FunctionDecl *callee = nullptr;         ///< null where the member is a pointer to a function
  llvm::SmallVector<const clang::Expr *, 2> arguments; ///< without the object and without default arguments
};

/// `statement` as such a call, behind what Clang wraps around it; for a co_return what it calls.
std::optional<promise_call> as_promise_call(const clang::Stmt *statement);

/// The first co_await or co_yield in `statement`, in reading order and not in the bodies of its lambdas; null where
/// there is none.
const clang::CoroutineSuspendExpr *find_suspend(const clang::Stmt *statement);

} // namespace coroscope::frontend
