// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Why was a call not inlined? The inliner says it in its remarks; this listens to them while it runs.
#pragma once

#include "lowering/elision_verdict.h"

#include <map>
#include <tuple>

namespace llvm {
class DiagnosticInfo;
class LLVMContext;
} // namespace llvm

namespace coroscope::lowering {

class inline_remarks {
public:
  /// Hears what passes say in `context`; what is no remark of the inliner goes where it went before. Must outlive it.
  void listen(llvm::LLVMContext &context);

  /// Remarks are made only while it is open: they cost time.
  void set_open(bool open) { is_open_ = open; }
  [[nodiscard]] bool is_open() const { return is_open_; }

  /// True where the remark was the inliner's.
  bool take(const llvm::DiagnosticInfo &said);

  /// What was said last of the call at `where`: "it is not inlined: …".
  [[nodiscard]] elision_verdict why(const std::string &caller, const std::string &callee, position where) const;

private:
  bool is_open_ = false;
  std::map<std::tuple<std::string, std::string, position>, elision_verdict> said_;
};

} // namespace coroscope::lowering
