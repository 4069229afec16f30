// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A call is recognised in all passes by its caller, callee and place. The caller's code may also have been inlined into
// other functions, with the call in it: what became of the call in its own function is the answer, and what became of
// the copies is told beside it.
#include "lowering/elision.h"

#include "lowering/elision_record.h"
#include "lowering/elision_verdict.h"
#include "lowering/inline_remarks.h"
#include "lowering/place.h"

#include <llvm/Analysis/LazyCallGraph.h>
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
#include <functional>
#include <map>
#include <set>

namespace coroscope::lowering {
namespace {

constexpr llvm::StringLiteral elide_pass = "CoroElidePass";
constexpr llvm::StringLiteral annotation_pass = "CoroAnnotationElidePass";
constexpr llvm::StringLiteral inline_pass = "InlinerPass";

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

/// A candidate, as it stands before the pass that may elide it.
struct candidate {
  call_key key;
  call_host host;
  std::string part;   ///< of the host; "" for the whole
  llvm::WeakVH value; ///< null once the pass elided it
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
  std::set<std::string> files; ///< the unit's own
  call_places places;
  std::map<call_key, call_record> records;
  inline_remarks remarks;
  std::vector<candidate> pending;

  [[nodiscard]] std::optional<call_key> key_of(const llvm::CallBase &call) const {
    return places.key_at(call.getDebugLoc().get(), *call.getCalledFunction());
  }

  call_host host_of(const call_key &key, const llvm::Function &function, const llvm::DILocation *location) {
    const call_host host{host_name(function.getName()), outermost(location)};
    records[key].written.try_emplace(host, written_call(location, files));
    return host;
  }

  void start(llvm::Module &module, bool optimised) {
    is_optimised = optimised;
    for (const llvm::Function &function : module)
      if (function.isPresplitCoroutine())
        ramps.insert(function.getName().str());
    files = own_files(module, ramps);
    places.number(module, ramps);
    each_call(module, ramps, [&](const llvm::CallBase &call) {
      if (const std::optional<call_key> key = key_of(call))
        records[*key].is_generated = true;
    });
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
      const llvm::DILocation *call = inlined_call(*id);
      const std::optional<call_key> key = places.key_at(call, *id->getCoroutine());
      // Without the question whether to allocate it was elided before.
      if (!key || !alloc)
        continue;
      if (!tree)
        tree.emplace(const_cast<llvm::Function &>(function));
      pending.push_back({.key = *key,
                         .host = host_of(*key, function, call),
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
        if (is_tried_in_vain(one))
          continue;
      }
      attempts &known = records[one.key].outcomes[one.host];
      if (one.part.empty())
        known.whole = std::move(result);
      else if (const auto [part, is_first] = known.parts.try_emplace(one.part, result); !is_first && result.is_elided)
        part->second = std::move(result); // of attempts that fail the first one tells most
    }
    pending.clear();
  }

  /// Whether the same call, of which optimisation made several, was not elided elsewhere in the same code.
  [[nodiscard]] bool is_tried_in_vain(const candidate &one) const {
    return std::ranges::any_of(pending, [&](const candidate &other) {
      return other.value && other.key == one.key && other.host == one.host && other.part == one.part;
    });
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
        if (const std::optional<call_key> key = key_of(*call))
          pending.push_back({*key,
                             host_of(*key, *call->getFunction(), call->getDebugLoc().get()),
                             {},
                             llvm::WeakVH(call),
                             {},
                             bytes});
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

  void end(llvm::Module &module) {
    each_call(module, ramps, [&](const llvm::CallBase &call) {
      if (const std::optional<call_key> key = key_of(call))
        records[*key].left_in.insert(host_of(*key, *call.getFunction(), call.getDebugLoc().get()));
    });
    for (auto &[key, record] : records)
      if (!record.is_generated)
        for (const char *part : {"", ".resume"})
          if (const llvm::Function *caller = module.getFunction(key.caller + part))
            record.is_indirect = record.is_indirect || has_indirect_call(*caller, key.where);
  }

  static bool has_indirect_call(const llvm::Function &caller, const place &where) {
    return std::ranges::any_of(llvm::instructions(caller), [&](const llvm::Instruction &instruction) {
      const auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction);
      const llvm::DILocation *location = call && call->isIndirectCall() ? call->getDebugLoc().get() : nullptr;
      return location && !location->getInlinedAt() && place_of(call->getDebugLoc()) == where;
    });
  }

  [[nodiscard]] lowered_elision answer(const call_key &key, const call_record &record) const;
  [[nodiscard]] lowered_elision answer_in(const call_host &host, const call_key &key, const call_record &record) const;
  [[nodiscard]] lowered_elision answer_alone(const call_key &key, const call_record &record) const;
  [[nodiscard]] lowered_elision worst(std::set<call_host> hosts, const std::string &function, const call_key &key,
                                      const call_record &record) const;
  [[nodiscard]] static std::string copies(const call_key &key, const call_record &record, bool is_elided);
};

/// The functions into which the caller was inlined and where the call ended otherwise.
std::string elision_watch::state::copies(const call_key &key, const call_record &record, bool is_elided) {
  std::set<std::string> hosts;
  for (const auto &[host, result] : record.outcomes)
    if (host.function != key.caller && !record.left_in.contains(host) && result.last().is_elided != is_elided)
      hosts.insert(llvm::demangle(host.function));
  std::string text;
  for (const std::string &host : hosts)
    text += (text.empty() ? "" : ", ") + host;
  if (text.empty())
    return text;
  return (is_elided ? "; not elided where it is inlined into " : "; elided where it is inlined into ") + text;
}

/// What became of the call where it ended in `host`.
lowered_elision elision_watch::state::answer_in(const call_host &host, const call_key &key,
                                                const call_record &record) const {
  lowered_elision result{.caller = host.function, .callee = key.callee, .call = host.where};
  const auto take = [&](const elision_verdict &verdict) {
    result.reason = verdict.reason;
    result.reason_where = verdict.where;
  };
  const auto tried = record.outcomes.find(host);
  const bool is_tried = tried != record.outcomes.end() && !record.left_in.contains(host);
  if (record.not_annotation && !(is_tried && tried->second.last().is_elided)) {
    result.rule = elision_rule::await_elidable;
    take(*record.not_annotation);
  } else if (is_tried) {
    const outcome &last = tried->second.last();
    result.is_elided = last.is_elided;
    result.rule = last.rule;
    result.bytes = last.bytes;
    take(last.verdict);
  } else {
    result.rule = elision_rule::halo;
    take(remarks.why(host.function, key.callee, key.where.where));
  }
  return result;
}

/// What became of it where its caller is a function of its own, or, where that is gone, where it is worst.
lowered_elision elision_watch::state::answer_alone(const call_key &key, const call_record &record) const {
  if (!is_optimised)
    return {.reason = "nothing is elided without optimisation"};
  if (record.is_indirect)
    return {.reason = "which function it calls is known only at run time"};
  const std::set<call_host> hosts = record.hosts();
  if (hosts.empty() && record.not_annotation)
    return {.rule = elision_rule::await_elidable,
            .reason = record.not_annotation->reason,
            .reason_where = record.not_annotation->where};
  if (hosts.empty())
    return {.reason = "the call is never reached: the optimiser removed it"};
  return worst(hosts, key.caller, key, record);
}

/// What became of it in those of `hosts` that are `function`, or, where none is, in all: not elided, if there is such.
lowered_elision elision_watch::state::worst(std::set<call_host> hosts, const std::string &function, const call_key &key,
                                            const call_record &record) const {
  const auto is_own = [&](const call_host &host) { return host.function == function; };
  if (std::ranges::any_of(hosts, is_own))
    std::erase_if(hosts, std::not_fn(is_own));
  std::vector<lowered_elision> answers;
  for (const call_host &host : hosts)
    answers.push_back(answer_in(host, key, record));
  return *std::ranges::min_element(answers, {}, &lowered_elision::is_elided);
}

lowered_elision elision_watch::state::answer(const call_key &key, const call_record &record) const {
  lowered_elision result = answer_alone(key, record);
  result.caller = key.caller;
  result.callee = key.callee;
  result.call = key.where;
  result.ordinal = key.ordinal;
  result.of = places.count(key);
  if (is_optimised)
    result.reason += copies(key, record, result.is_elided);
  for (const auto &[written, hosts] : record.by_written_call()) {
    result.hosts.push_back(worst(hosts, written.function, key, record));
    lowered_elision &host = result.hosts.back();
    host.caller = written.function;
    host.caller_name =
        written.function == variable_initialiser ? "initialisers of variables" : llvm::demangle(written.function);
    host.call = written.where;
    if (!is_optimised)
      host.reason = result.reason;
  }
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
