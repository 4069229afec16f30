// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// CoroSplit works on one strongly connected component of the call graph at a time: what was seen of its functions
// right before the pass waits in `pending` until the pass has run.
#include "lowering/split_observer.h"

#include "lowering/absence.h"
#include "lowering/assembly.h"
#include "lowering/bindings.h"
#include "lowering/crossing.h"
#include "lowering/layout.h"
#include "lowering/listing.h"
#include "lowering/remembered_values.h"
#include "lowering/residents.h"
#include "lowering/shapes.h"
#include "lowering/suspend_flow.h"
#include "lowering/tag.h"
#include "lowering/transfers.h"
#include "lowering/value_type.h"

#include <llvm/Analysis/LazyCallGraph.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/PassInstrumentation.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/raw_ostream.h>

namespace coroscope::lowering {
namespace {

constexpr llvm::StringLiteral split_pass = "CoroSplitPass";
constexpr llvm::StringLiteral pass_that_takes_slots_apart = "SROAPass";

/// What is known of a coroutine before it is split.
struct pending_split {
  llvm::Function *function = nullptr;
  lowered_coroutine coroutine;
  described_values values;
  std::vector<transfer> transfers;
  std::vector<absence_candidate> candidates;
};

} // namespace

struct split_observer::state {
  options wanted;
  std::vector<pending_split> pending;
  std::vector<lowered_coroutine> done;
  remembered_values remembered;
  bool discarded_names = false; ///< what the context did before the pass

  void before(llvm::Function &function) {
    // The field of a value is found by the value's name, so names must live through the pass.
    llvm::LLVMContext &context = function.getContext();
    if (pending.empty())
      discarded_names = context.shouldDiscardValueNames();
    context.setDiscardValueNames(false);
    if (wanted.with_variables)
      remembered.restore(function);
    pending_split split{.function = &function};
    split.values = describe_values(function);
    if (wanted.with_reasons) {
      suspend_flow flow(function);
      add_reasons(function, flow, split.values);
      add_types(function, split.values);
      split.candidates = find_candidates(function, flow, split.values);
    }
    if (wanted.with_shapes)
      add_shapes(function, split.values, split.coroutine.shapes);
    split.coroutine.symbol = function.getName().str();
    split.coroutine.ramp.symbol = split.coroutine.symbol;
    split.coroutine.suspends = read_suspends(function);
    if (wanted.with_transfers)
      split.transfers = find_transfers(function);
    if (wanted.with_ir)
      split.coroutine.ramp.ir_before = ir_listing(function);
    pending.push_back(std::move(split));
    if (wanted.before_split)
      wanted.before_split(function);
  }

  void after(pending_split &split) {
    llvm::Function &ramp = *split.function;
    lowered_coroutine &coroutine = split.coroutine;
    const auto read = [&](const std::string &symbol, lowered_code &code) {
      const llvm::Function *function = ramp.getParent()->getFunction(symbol);
      if (!function || function->isDeclaration())
        return;
      code.symbol = symbol;
      if (wanted.with_ir)
        code.ir = ir_listing(*function);
    };
    read(coroutine.symbol, coroutine.ramp);
    read(coroutine.symbol + ".resume", coroutine.resume);
    read(coroutine.symbol + ".destroy", coroutine.destroy);
    read(coroutine.symbol + ".cleanup", coroutine.cleanup);
    read_transfers(split.transfers, ramp, ramp.getParent()->getFunction(coroutine.resume.symbol), coroutine.suspends);
    read_layout(ramp, split.values, coroutine);
    merge_residents(coroutine);
    add_absences(split.candidates, coroutine);
    if (wanted.after_split)
      wanted.after_split(ramp, coroutine);
    done.push_back(std::move(coroutine));
  }

  void after_slots_are_taken_apart(const llvm::Any &ir) {
    const auto *function = llvm::any_cast<const llvm::Function *>(&ir);
    if (function && (*function)->isPresplitCoroutine())
      remembered.remember(const_cast<llvm::Function &>(**function)); // LLVM shows what it works on as const
  }

  void after_pass() {
    if (pending.empty())
      return;
    pending.front().function->getContext().setDiscardValueNames(discarded_names);
    for (pending_split &split : pending)
      if (!split.function->isPresplitCoroutine())
        after(split);
    pending.clear();
  }
};

split_observer::split_observer(options wanted) : state_(std::make_unique<state>()) {
  state_->wanted = std::move(wanted);
}

split_observer::~split_observer() = default;

const std::vector<lowered_coroutine> &split_observer::coroutines() const { return state_->done; }

bool split_observer::keep_coroutines(llvm::Module &module) const {
  return lowering::keep_coroutines(module, state_->done);
}

void split_observer::read_assembly(const std::string &text) { lowering::read_assembly(text, state_->done); }

void split_observer::attach(llvm::PassBuilder &builder) {
  builder.registerPipelineStartEPCallback([this](llvm::ModulePassManager &passes, llvm::OptimizationLevel level) {
    struct tag_pass : llvm::PassInfoMixin<tag_pass> {
      bool with_variables;
      explicit tag_pass(bool variables) : with_variables(variables) {}
      static bool isRequired() { return true; }
      llvm::PreservedAnalyses run(llvm::Module &module, llvm::ModuleAnalysisManager &) {
        tag_suspends(module);
        if (with_variables)
          name_bindings(module);
        return llvm::PreservedAnalyses::all();
      }
    };
    passes.addPass(tag_pass(state_->wanted.with_variables && level != llvm::OptimizationLevel::O0));
  });
  llvm::PassInstrumentationCallbacks *callbacks = builder.getPassInstrumentationCallbacks();
  callbacks->registerBeforeNonSkippedPassCallback([this](llvm::StringRef pass, llvm::Any ir) {
    const auto *component = llvm::any_cast<const llvm::LazyCallGraph::SCC *>(&ir);
    if (pass != split_pass || !component)
      return;
    state_->pending.clear();
    for (llvm::LazyCallGraph::Node &node : **component)
      if (node.getFunction().isPresplitCoroutine())
        state_->before(node.getFunction());
  });
  callbacks->registerAfterPassCallback([this](llvm::StringRef pass, llvm::Any ir, const llvm::PreservedAnalyses &) {
    if (pass == split_pass)
      state_->after_pass();
    else if (pass == pass_that_takes_slots_apart && state_->wanted.with_variables)
      state_->after_slots_are_taken_apart(ir);
  });
  callbacks->registerAfterPassInvalidatedCallback([this](llvm::StringRef pass, const llvm::PreservedAnalyses &) {
    if (pass == split_pass)
      state_->after_pass();
  });
}

} // namespace coroscope::lowering
