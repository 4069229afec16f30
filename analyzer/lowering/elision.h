// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which calls of coroutines allocate a frame, and which do not? Watches the passes that decide it.
//
//   call of a ramp --> inliner --> CoroAnnotationElide, CoroElide --> end of the pipeline
//        what was called where       elided? which condition failed?      calls that are left
#pragma once

#include "lowering/lowered.h"

#include <memory>

namespace llvm {
class PassBuilder;
} // namespace llvm

namespace coroscope::lowering {

class elision_watch {
public:
  elision_watch();
  ~elision_watch();
  elision_watch(const elision_watch &) = delete;
  elision_watch &operator=(const elision_watch &) = delete;

  /// Registers the hooks. The watch must outlive the context of the modules that go through the pipeline.
  void attach(llvm::PassBuilder &builder);

  /// One for each call in the module as it was generated, in no particular order; calls of one callee at one place of
  /// one caller are one.
  [[nodiscard]] std::vector<lowered_elision> calls() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace coroscope::lowering
