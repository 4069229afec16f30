// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A call is recognised in all passes by its caller, callee and place. The caller's code may also have been inlined into
// other functions, with the call in it: what became of the call in its own function is the answer, and what became of
// the copies is told beside it.
#include "lowering/elision.h"

#include "lowering/elision_verdict.h"
#include "lowering/inline_remarks.h"
#include "lowering/place.h"

#include <llvm/Analysis/BlockFrequencyInfo.h>
#include <llvm/Analysis/BranchProbabilityInfo.h>
#include <llvm/Analysis/LazyCallGraph.h>
#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Demangle/Demangle.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Dominators.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/PassInstrumentation.h>
#include <llvm/IR/ValueHandle.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace coroscope::lowering {
namespace {

constexpr llvm::StringLiteral elide_pass = "CoroElidePass";
constexpr llvm::StringLiteral annotation_pass = "CoroAnnotationElidePass";
constexpr llvm::StringLiteral inline_pass = "InlinerPass";

/// Which call of the source a piece of IR is.
struct call_key {
  std::string caller, callee;
  place where;
  auto operator<=>(const call_key &other) const {
    return std::tie(caller, callee, where.where, where.file) <=>
           std::tie(other.caller, other.callee, other.where.where, other.where.file);
  }
};

/// What became of a call in one function.
struct outcome {
  bool is_elided = false;
  std::optional<elision_rule> rule;
  elision_verdict verdict;
  std::optional<std::uint64_t> bytes;
};

/// What became of a call in a function: once in the whole, and for a coroutine again in each part that the split made.
struct attempts {
  std::optional<outcome> whole;
  std::map<std::string, outcome> parts; ///< by function

  [[nodiscard]] const outcome &last() const {
    const auto is_allocated = [](const auto &part) { return !part.second.is_elided; };
    if (whole && (whole->is_elided || parts.empty() || std::ranges::any_of(parts, is_allocated)))
      return *whole;
    const auto allocated = std::ranges::find_if(parts, is_allocated);
    return allocated == parts.end() ? parts.begin()->second : allocated->second;
  }
};

struct call_record {
  std::map<std::string, attempts> outcomes;      ///< by the function that held the call
  std::optional<elision_verdict> not_annotation; ///< why the mark was of no use
  std::set<std::string> left_in;                 ///< functions that still call the ramp at the end
};

std::string symbol_of(const llvm::DISubprogram &function) {
  llvm::StringRef symbol = function.getLinkageName().empty() ? function.getName() : function.getLinkageName();
  for (const llvm::StringRef clone : {".resume", ".destroy", ".cleanup", ".noalloc"})
    symbol.consume_back(clone);
  return symbol.str();
}

/// The call that `location`, a place of the caller, belongs to.
std::optional<call_key> key_at(const llvm::DILocation *location, const llvm::Function &callee) {
  if (!location || location->getLine() == 0)
    return std::nullopt;
  const llvm::DISubprogram *caller = location->getScope()->getSubprogram();
  return caller ? std::optional(call_key{symbol_of(*caller), callee.getName().str(),
                                         place_of(llvm::DebugLoc(location)).value_or(place{})})
                : std::nullopt;
}

/// The call by which the coroutine of `id` was inlined: the place outside of the coroutine's own code.
const llvm::DILocation *inlined_call(const llvm::CoroIdInst &id) {
  const llvm::DISubprogram *callee = id.getCoroutine()->getSubprogram();
  const auto outside = [&](const llvm::Instruction &instruction) -> const llvm::DILocation * {
    for (const llvm::DILocation *at = instruction.getDebugLoc().get(); at; at = at->getInlinedAt())
      if (at->getScope()->getSubprogram() == callee)
        return at->getInlinedAt();
    return nullptr;
  };
  if (const llvm::DILocation *found = outside(id))
    return found;
  for (const llvm::User *user : id.users())
    if (const llvm::DILocation *found = outside(*llvm::cast<llvm::Instruction>(user)))
      return found;
  return nullptr;
}

/// Parts of a split coroutine are one function to the reader.
std::string host_name(const llvm::Function &function) {
  llvm::StringRef name = function.getName();
  for (const llvm::StringRef clone : {".resume", ".destroy", ".cleanup", ".noalloc"})
    name.consume_back(clone);
  return name.str();
}

/// The coro.alloc that asks whether the frame is to be allocated; null where it has been answered.
llvm::Value *question_of(const llvm::CoroIdInst &id) {
  for (const llvm::User *user : id.users())
    if (llvm::isa<llvm::CoroAllocInst>(user))
      return const_cast<llvm::User *>(user);
  return nullptr;
}

std::uint64_t frame_size(const llvm::CoroIdInst &id) {
  const llvm::Constant *resume = id.getInfo().Resumers->getAggregateElement(0u);
  const auto *function = llvm::dyn_cast<llvm::Function>(resume->stripPointerCasts());
  return function ? function->getParamDereferenceableBytes(0) : 0;
}

/// How often a block runs for each time its function is entered, in percent.
std::uint64_t percent_of_entries(llvm::Function &function, const llvm::BasicBlock &block) {
  const llvm::DominatorTree tree(function);
  const llvm::LoopInfo loops(tree);
  const llvm::BranchProbabilityInfo probabilities(function, loops);
  const llvm::BlockFrequencyInfo frequencies(function, probabilities, loops);
  const double entry = static_cast<double>(frequencies.getEntryFreq().getFrequency());
  const double here = static_cast<double>(frequencies.getBlockFreq(&block).getFrequency());
  return entry == 0 ? 0 : static_cast<std::uint64_t>(here * 100 / entry);
}

/// A candidate, as it stands before the pass that may elide it.
struct candidate {
  call_key key;
  std::string host, part; ///< the function that holds it, and as which part of it
  llvm::WeakVH value;     ///< null once the pass elided it
  elision_verdict verdict;
  std::optional<std::uint64_t> bytes;
};

/// A pass that sees each module as it goes by; required, so that it runs at -O0 as well.
template <class See> struct seeing_pass : llvm::PassInfoMixin<seeing_pass<See>> {
  explicit seeing_pass(See what) : see(std::move(what)) {}
  static bool isRequired() { return true; }
  llvm::PreservedAnalyses run(llvm::Module &module, llvm::ModuleAnalysisManager &) {
    see(module);
    return llvm::PreservedAnalyses::all();
  }
  See see;
};

} // namespace

struct elision_watch::state {
  bool is_optimised = false;
  std::set<std::string> ramps;
  std::map<call_key, call_record> records;
  inline_remarks remarks;
  std::vector<candidate> pending;

  /// Direct calls of ramps in the module.
  template <class Visit> void each_call(llvm::Module &module, Visit visit) {
    for (const std::string &name : ramps)
      if (const llvm::Function *ramp = module.getFunction(name))
        for (const llvm::User *user : ramp->users())
          if (const auto *call = llvm::dyn_cast<llvm::CallBase>(user);
              call && call->getCalledFunction() == ramp && call->getFunction())
            if (const std::optional<call_key> key = key_at(call->getDebugLoc().get(), *ramp))
              visit(*call, *key);
  }

  void start(llvm::Module &module, bool optimised) {
    is_optimised = optimised;
    for (const llvm::Function &function : module)
      if (function.isPresplitCoroutine())
        ramps.insert(function.getName().str());
    each_call(module, [&](const llvm::CallBase &, const call_key &key) { records.try_emplace(key); });
    if (is_optimised && !ramps.empty())
      remarks.listen(module.getContext());
  }

  void before_elide(const llvm::Function &function) {
    pending.clear();
    std::optional<llvm::DominatorTree> tree;
    if (ramps.empty())
      return;
    for (const llvm::Instruction &instruction : llvm::instructions(function)) {
      const auto *id = llvm::dyn_cast<llvm::CoroIdInst>(&instruction);
      if (!id || !id->getInfo().isPostSplit() || id->getCoroutine() == &function)
        continue;
      llvm::Value *alloc = question_of(*id);
      const std::optional<call_key> key = key_at(inlined_call(*id), *id->getCoroutine());
      // Without the question whether to allocate it was elided before.
      if (!key || !alloc)
        continue;
      if (!tree)
        tree.emplace(const_cast<llvm::Function &>(function));
      pending.push_back({.key = *key,
                         .host = host_name(function),
                         .part = function.isPresplitCoroutine() ? "" : function.getName().str(),
                         .value = llvm::WeakVH(alloc),
                         .verdict = why_not_elided(*id, *tree),
                         .bytes = frame_size(*id)});
    }
  }

  void after_elide() {
    for (candidate &one : pending) {
      outcome result{.is_elided = !one.value, .rule = elision_rule::halo, .verdict = {}, .bytes = {}};
      if (one.value)
        result.verdict = std::move(one.verdict);
      else {
        result.verdict.reason = "every path of the caller destroys it";
        result.bytes = one.bytes;
      }
      attempts &known = records[one.key].outcomes[one.host];
      if (one.part.empty())
        known.whole = std::move(result);
      else if (const auto [part, is_first] = known.parts.try_emplace(one.part, result); !is_first && result.is_elided)
        part->second = std::move(result); // of attempts that fail the first one tells most
    }
    pending.clear();
  }

  void before_annotation(const llvm::LazyCallGraph::SCC &component) {
    pending.clear();
    for (llvm::LazyCallGraph::Node &node : component) {
      llvm::Function &ramp = node.getFunction();
      const llvm::Function *variant = ramp.getParent()->getFunction((ramp.getName() + ".noalloc").str());
      if (!variant || variant->arg_empty())
        continue;
      const std::uint64_t bytes = variant->getParamDereferenceableBytes(static_cast<unsigned>(variant->arg_size() - 1));
      for (llvm::User *user : ramp.users()) {
        auto *call = llvm::dyn_cast<llvm::CallBase>(user);
        if (!call || call->getCalledFunction() != &ramp || !call->getFunction())
          continue;
        if (const std::optional<call_key> key = key_at(call->getDebugLoc().get(), ramp))
          pending.push_back({*key, host_name(*call->getFunction()), {}, llvm::WeakVH(call), {}, bytes});
      }
    }
  }

  void after_annotation() {
    for (candidate &one : pending) {
      call_record &record = records[one.key];
      if (!one.value) {
        record.outcomes[one.host].whole = outcome{.is_elided = true,
                                                  .rule = elision_rule::await_elidable,
                                                  .verdict = {"it is awaited at once", std::nullopt},
                                                  .bytes = one.bytes};
        continue;
      }
      const auto *call = llvm::cast<llvm::CallBase>(static_cast<llvm::Value *>(one.value));
      if (call->hasFnAttr(llvm::Attribute::CoroElideSafe))
        record.not_annotation = why_not_annotation(*call);
    }
    pending.clear();
  }

  static elision_verdict why_not_annotation(const llvm::CallBase &call) {
    llvm::Function &caller = *const_cast<llvm::CallBase &>(call).getFunction();
    const std::optional<place> here = place_of(call.getDebugLoc());
    if (!caller.isPresplitCoroutine())
      return {"the caller was split before the callee was", here};
    const std::uint64_t percent = percent_of_entries(caller, *call.getParent());
    if (percent < 55)
      return {"the call is reached in " + (percent == 0 ? "less than 1" : "about " + std::to_string(percent)) +
                  " of 100 runs of the caller; LLVM elides from 55 on",
              here};
    return {"LLVM could not inline the callee's ramp", here};
  }

  void end(llvm::Module &module) {
    each_call(module, [&](const llvm::CallBase &call, const call_key &key) {
      records[key].left_in.insert(host_name(*call.getFunction()));
    });
  }

  [[nodiscard]] lowered_elision answer(const call_key &key, const call_record &record) const;
  [[nodiscard]] std::string copies(const call_key &key, const call_record &record, bool is_elided) const;
};

/// The functions into which the caller was inlined and where the call ended otherwise.
std::string elision_watch::state::copies(const call_key &key, const call_record &record, bool is_elided) const {
  std::string text;
  for (const auto &[host, result] : record.outcomes)
    if (host != key.caller && result.last().is_elided != is_elided)
      text += (text.empty() ? "" : ", ") + llvm::demangle(host);
  if (text.empty())
    return text;
  return (is_elided ? "; not elided where it is inlined into " : "; elided where it is inlined into ") + text;
}

lowered_elision elision_watch::state::answer(const call_key &key, const call_record &record) const {
  lowered_elision result{.caller = key.caller, .callee = key.callee, .call = key.where};
  const auto take = [&](const elision_verdict &verdict) {
    result.reason = verdict.reason;
    result.reason_where = verdict.where;
  };
  if (!is_optimised) {
    result.reason = "nothing is elided without optimisation";
    return result;
  }
  const auto own = record.outcomes.find(key.caller);
  const auto chosen = own != record.outcomes.end() ? own : record.outcomes.begin();
  const bool is_left = record.left_in.contains(key.caller) || (own == record.outcomes.end() && !record.left_in.empty());
  const bool is_tried = chosen != record.outcomes.end() && !is_left;
  if (record.not_annotation && !(is_tried && chosen->second.last().is_elided)) {
    result.rule = elision_rule::await_elidable;
    take(*record.not_annotation);
  } else if (is_tried) {
    const outcome &last = chosen->second.last();
    result.is_elided = last.is_elided;
    result.rule = last.rule;
    result.bytes = last.bytes;
    take(last.verdict);
  } else if (is_left) {
    result.rule = elision_rule::halo;
    take(remarks.why(key.caller, key.callee, key.where.where));
  } else {
    result.reason = "the call is never reached: the optimiser removed it";
  }
  result.reason += copies(key, record, result.is_elided);
  return result;
}

elision_watch::elision_watch() : state_(std::make_unique<state>()) {}

elision_watch::~elision_watch() = default;

std::vector<lowered_elision> elision_watch::calls() const {
  std::vector<lowered_elision> result;
  for (const auto &[key, record] : state_->records)
    result.push_back(state_->answer(key, record));
  return result;
}

void elision_watch::attach(llvm::PassBuilder &builder) {
  state *watch = state_.get();
  builder.registerPipelineStartEPCallback([watch](llvm::ModulePassManager &passes, llvm::OptimizationLevel level) {
    passes.addPass(seeing_pass([watch, is_optimised = level != llvm::OptimizationLevel::O0](llvm::Module &module) {
      watch->start(module, is_optimised);
    }));
  });
  builder.registerOptimizerLastEPCallback(
      [watch](llvm::ModulePassManager &passes, llvm::OptimizationLevel, llvm::ThinOrFullLTOPhase) {
        passes.addPass(seeing_pass([watch](llvm::Module &module) { watch->end(module); }));
      });
  llvm::PassInstrumentationCallbacks *callbacks = builder.getPassInstrumentationCallbacks();
  callbacks->registerBeforeNonSkippedPassCallback([watch](llvm::StringRef pass, llvm::Any ir) {
    if (pass == inline_pass)
      watch->remarks.set_open(true);
    else if (pass == elide_pass) {
      if (const auto *function = llvm::any_cast<const llvm::Function *>(&ir))
        watch->before_elide(**function);
    } else if (pass == annotation_pass) {
      if (const auto *component = llvm::any_cast<const llvm::LazyCallGraph::SCC *>(&ir))
        watch->before_annotation(**component);
    }
  });
  const auto after = [watch](llvm::StringRef pass) {
    if (pass == inline_pass)
      watch->remarks.set_open(false);
    else if (pass == elide_pass)
      watch->after_elide();
    else if (pass == annotation_pass)
      watch->after_annotation();
  };
  callbacks->registerAfterPassCallback(
      [after](llvm::StringRef pass, llvm::Any, const llvm::PreservedAnalyses &) { after(pass); });
  callbacks->registerAfterPassInvalidatedCallback(
      [after](llvm::StringRef pass, const llvm::PreservedAnalyses &) { after(pass); });
}

} // namespace coroscope::lowering
