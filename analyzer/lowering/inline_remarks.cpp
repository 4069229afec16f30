// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/inline_remarks.h"

#include <llvm/IR/DiagnosticHandler.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/LLVMContext.h>

namespace coroscope::lowering {
namespace {

class listener : public llvm::DiagnosticHandler {
public:
  listener(inline_remarks &remarks, std::unique_ptr<llvm::DiagnosticHandler> next)
      : remarks_(remarks), next_(std::move(next)) {}

  bool handleDiagnostics(const llvm::DiagnosticInfo &said) override {
    const bool is_taken = remarks_.take(said);
    const bool is_handled = next_ && next_->handleDiagnostics(said);
    return is_taken || is_handled;
  }
  bool isAnalysisRemarkEnabled(llvm::StringRef pass) const override {
    return next_ && next_->isAnalysisRemarkEnabled(pass);
  }
  bool isMissedOptRemarkEnabled(llvm::StringRef pass) const override {
    return (remarks_.is_open() && pass == "inline") || (next_ && next_->isMissedOptRemarkEnabled(pass));
  }
  bool isPassedOptRemarkEnabled(llvm::StringRef pass) const override {
    return next_ && next_->isPassedOptRemarkEnabled(pass);
  }
  bool isAnyRemarkEnabled() const override { return remarks_.is_open() || (next_ && next_->isAnyRemarkEnabled()); }

private:
  inline_remarks &remarks_;
  std::unique_ptr<llvm::DiagnosticHandler> next_;
};

std::string value_of(const llvm::DiagnosticInfoOptimizationBase &remark, llvm::StringRef key) {
  for (const llvm::DiagnosticInfoOptimizationBase::Argument &argument : remark.getArgs())
    if (argument.Key == key)
      return argument.Val;
  return {};
}

std::string clause_of(const llvm::DiagnosticInfoOptimizationBase &remark) {
  const std::string reason = value_of(remark, "Reason");
  if (reason == "noinline function attribute" || reason == "noinline call site attribute")
    return "it is marked noinline";
  if (reason == "optnone attribute")
    return "the caller is marked optnone";
  if (reason == "unsplited coroutine call")
    return "caller and callee call each other";
  if (reason == "recursive")
    return "it calls itself, so it cannot be inlined";
  if (!reason.empty())
    return "it cannot be inlined: " + reason;
  const std::string cost = value_of(remark, "Cost"), threshold = value_of(remark, "Threshold");
  if (!cost.empty() && !threshold.empty())
    return "it is not inlined: its cost of " + cost + " is over the threshold of " + threshold;
  return "it is not inlined";
}

} // namespace

void inline_remarks::listen(llvm::LLVMContext &context) {
  context.setDiagnosticHandler(std::make_unique<listener>(*this, context.getDiagnosticHandler()));
}

bool inline_remarks::take(const llvm::DiagnosticInfo &said) {
  if (said.getKind() != llvm::DK_OptimizationRemarkMissed)
    return false;
  const auto &remark = static_cast<const llvm::DiagnosticInfoOptimizationBase &>(said);
  if (remark.getPassName() != "inline")
    return false;
  llvm::StringRef caller = remark.getFunction().getName();
  for (const llvm::StringRef clone : {".resume", ".destroy", ".cleanup"})
    caller.consume_back(clone);
  const llvm::DiagnosticLocation at = remark.getLocation();
  const position where{at.getLine(), at.getColumn()};
  said_[{caller.str(), value_of(remark, "Callee"), where}] = {clause_of(remark), std::nullopt};
  return true;
}

elision_verdict inline_remarks::why(const std::string &caller, const std::string &callee, position where) const {
  const auto known = said_.find({caller, callee, where});
  return known == said_.end() ? elision_verdict{"it is not inlined", std::nullopt} : known->second;
}

} // namespace coroscope::lowering
