// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Watches LLVM's CoroSplit and reads, for each coroutine it splits, the frame that it built.
//
//   PassBuilder --attach()--> [before CoroSplit] names, suspends --> [after it] layout, clones --> lowered_coroutine
#pragma once

#include "lowering/lowered.h"

#include <functional>
#include <memory>

namespace llvm {
class Function;
class Module;
class PassBuilder;
} // namespace llvm

namespace coroscope::lowering {

class split_observer {
public:
  struct options {
    bool with_variables = false; ///< follow variables where LLVM loses them; adds to the debug info
    bool with_ir = false;        ///< keep the IR text of each function
    bool with_reasons = false;   ///< ask why each value is kept
    bool with_shapes = false;    ///< ask how the bytes of variables are to be read
    bool with_transfers = false; ///< ask which symmetric transfers became tail calls
    /// Called right before a coroutine is split, after its facts were read; may insert calls.
    std::function<void(llvm::Function &)> before_split;
    /// Called right after, with what was read.
    std::function<void(llvm::Function &ramp, const lowered_coroutine &)> after_split;
  };

  explicit split_observer(options wanted);
  ~split_observer();
  split_observer(const split_observer &) = delete;
  split_observer &operator=(const split_observer &) = delete;

  /// Registers the hooks. The observer must outlive the pipeline that `builder` makes.
  void attach(llvm::PassBuilder &builder);

  /// The two ends of making machine code of what was split: as in lowering/assembly.h.
  [[nodiscard]] bool keep_coroutines(llvm::Module &module) const;
  void read_assembly(const std::string &text);

  /// What was split so far, in the order of splitting.
  [[nodiscard]] const std::vector<lowered_coroutine> &coroutines() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace coroscope::lowering
