// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an instrumented translation unit says about its coroutines.
//
//   lowered_coroutine … --table_json()--> text --emit()--> data and a constructor in the module
#pragma once

#include "instrument/table_json.h"

#include <llvm/IR/ValueHandle.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace llvm {
class Constant;
class Function;
class GlobalVariable;
class Module;
class StringRef;
} // namespace llvm

namespace coroscope::instrument {

class unit_table {
public:
  explicit unit_table(llvm::Module &module) : module_(module) {}

  /// A new index.
  std::uint32_t add();
  void fill(std::uint32_t index, const llvm::Function &ramp, const lowering::lowered_coroutine &lowered);

  /// What the calls of this unit name. Until emit() it is a declaration, so that nothing concludes from its contents.
  llvm::GlobalVariable &unit();

  /// Writes the table, the unit and the constructor that registers it. Nothing, where add() was never called. `level`
  /// is "O0" … "Oz".
  void emit(llvm::StringRef level);

private:
  /// A constant of the module.
  [[nodiscard]] llvm::Constant *numbers(const std::vector<std::uint32_t> &values, const char *name) const;

  llvm::Module &module_;
  std::vector<std::optional<table_entry>> entries_;
  llvm::WeakTrackingVH unit_; ///< the optimiser drops a declaration that no call is left of
};

} // namespace coroscope::instrument
