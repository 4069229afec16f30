// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pass plugin: `clang++-22 -fpass-plugin=libcoroscope_instrument.so` makes any program report its coroutines.
//
//   start of the pipeline: tag --> before each CoroSplit: insert_events --> after it: unit_table
//     --> end: mark_moments, guard_calls, emit
#include "instrument/guards.h"
#include "instrument/insert_events.h"
#include "instrument/moments.h"
#include "instrument/unit_table.h"
#include "lowering/split_observer.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/IR/Module.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Plugins/PassPlugin.h>

#include <memory>
#include <optional>

namespace coroscope::instrument {
namespace {

std::string name_of(llvm::OptimizationLevel level) {
  switch (level.getSizeLevel()) {
  case 1:
    return "Os";
  case 2:
    return "Oz";
  default:
    return "O" + std::to_string(level.getSpeedupLevel());
  }
}

/// One run of a pipeline over one module.
class instrumentation {
public:
  instrumentation()
      : observer_({.with_reasons = true,
                   .with_shapes = true,
                   .before_split = [this](llvm::Function &coroutine) { before(coroutine); },
                   .after_split = [this](llvm::Function &ramp,
                                         const lowering::lowered_coroutine &lowered) { after(ramp, lowered); }}) {}

  void attach(llvm::PassBuilder &builder) { observer_.attach(builder); }

  void begin() {
    table_.reset();
    indices_.clear();
  }

  void end(llvm::Module &module, llvm::OptimizationLevel level) {
    if (table_) {
      mark_moments(module);
      guard_calls(module);
      table_->emit(name_of(level));
    }
    begin();
  }

private:
  void before(llvm::Function &coroutine) {
    if (!table_) // here and not in begin(): the pipelines of a linker have no start to hook into
      table_.emplace(*coroutine.getParent());
    const auto [place, is_new] = indices_.try_emplace(&coroutine, 0);
    if (!is_new)
      return; // CoroSplit left it for later
    place->second = table_->add();
    insert_events(coroutine, table_->unit(), place->second);
  }

  void after(llvm::Function &ramp, const lowering::lowered_coroutine &lowered) {
    const auto place = indices_.find(&ramp);
    if (table_ && place != indices_.end())
      table_->fill(place->second, ramp, lowered);
  }

  lowering::split_observer observer_;
  std::optional<unit_table> table_;
  llvm::DenseMap<const llvm::Function *, std::uint32_t> indices_;
};

/// A module pass made of a function.
template <class Run> class module_step : public llvm::PassInfoMixin<module_step<Run>> {
public:
  explicit module_step(Run run) : run_(std::move(run)) {}
  static bool isRequired() { return true; }
  llvm::PreservedAnalyses run(llvm::Module &module, llvm::ModuleAnalysisManager &) { return run_(module); }

private:
  Run run_;
};

void register_callbacks(llvm::PassBuilder &builder) {
  const auto shared = std::make_shared<instrumentation>();
  shared->attach(builder);
  builder.registerPipelineStartEPCallback([shared](llvm::ModulePassManager &passes, llvm::OptimizationLevel) {
    passes.addPass(module_step([shared](llvm::Module &module) {
      shared->begin();
      mark_exceptions(module);
      return llvm::PreservedAnalyses::none();
    }));
  });
  builder.registerOptimizerLastEPCallback(
      [shared](llvm::ModulePassManager &passes, llvm::OptimizationLevel level, llvm::ThinOrFullLTOPhase) {
        passes.addPass(module_step([shared, level](llvm::Module &module) {
          shared->end(module, level);
          return llvm::PreservedAnalyses::none();
        }));
      });
}

} // namespace
} // namespace coroscope::instrument

extern "C" [[gnu::visibility("default")]] llvm::PassPluginLibraryInfo llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "coroscope_instrument", "1", coroscope::instrument::register_callbacks};
}
