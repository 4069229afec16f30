// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A value that is set before the suspend and needed after it crosses. A slot that only lives on is kept because its
// address is known elsewhere, or because optnone (-O0) keeps every slot whose scope the suspend is in.
#include "lowering/crossing.h"

#include "lowering/suspend_flow.h"
#include "lowering/witness_words.h"

#include <llvm/IR/Function.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>

#include <algorithm>

namespace coroscope::lowering {
namespace {

/// What the split never puts into a frame, and what it computes anew.
bool is_never_kept(const llvm::Value &value) {
  if (value.getType()->isTokenTy() || value.use_empty() || is_computed_anew(value))
    return true;
  return llvm::isa<llvm::CoroIdInst, llvm::CoroSaveInst, llvm::CoroSuspendInst, llvm::CoroBeginInst>(value);
}

class reason_finder {
public:
  reason_finder(suspend_flow &flow, bool keeps_locals) : flow_(flow), keeps_locals_(keeps_locals) {}

  std::vector<lowered_why> operator()(const llvm::Value &value, const lowered_resident &resident) {
    name_ = resident.is_variable ? resident.name : "it";
    declared_ = resident.where;
    const std::vector<value_event> events = events_of(value);
    passed_ = resident.is_parameter ? first_setting(events) : nullptr;
    std::vector<lowered_why> reasons;
    std::vector<lowered_why> weak;
    std::vector<crossing> crossings = flow_.crossings_of(events);
    flow_.find_loops(events, crossings);
    for (const crossing &one : crossings)
      (is_weak(one) ? weak : reasons).push_back(why_of(one));
    if (reasons.empty() && weak.empty() && llvm::isa<llvm::AllocaInst>(value))
      for (const crossing &one : flow_.careful_crossings_of(events))
        reasons.push_back(why_of(one));
    // The optimiser may yet let the slot begin to live behind the suspend; where it did not, its scope is the reason.
    return reasons.empty() ? weak : reasons;
  }

private:
  [[nodiscard]] bool is_weak(const crossing &one) const {
    return !keeps_locals_ && !one.escape && one.definition && one.definition->what == effect::begins;
  }

  /// Whether the value is set before and needed after the suspend.
  static bool is_needed(const crossing &one) {
    return one.definition && one.definition->what != effect::begins && one.need && one.need->what != effect::ends;
  }

  lowered_why why_of(const crossing &one) {
    lowered_why why{.across = one.ordinal, .repeats = one.repeats};
    if (one.definition && one.definition->what != effect::begins)
      why.definition = defined_by(*one.definition);
    if (is_needed(one)) {
      why.use = witness_of_use(*one.need, name_);
    } else if (one.escape) {
      why.reason = keep_reason::escapes;
      why.use = witness_of_escape(*one.escape, name_);
    } else {
      why.reason = keeps_locals_ ? keep_reason::always : keep_reason::crosses;
      if (one.need)
        why.use = witness_of_use(*one.need, name_);
    }
    return why;
  }

  [[nodiscard]] lowered_witness defined_by(const value_event &event) const {
    if (!event.at || &event == passed_)
      return {"the caller passes " + name_, declared_};
    return witness_of_definition(event, name_);
  }

  /// What makes the parameter copy.
  [[nodiscard]] const value_event *first_setting(const std::vector<value_event> &events) const {
    const value_event *first = nullptr;
    for (const value_event &event : events)
      if (event.at && (event.what == effect::sets || event.what == effect::changes) &&
          (!first || flow_.comes_before(*event.at, *first->at)))
        first = &event;
    return first;
  }

  suspend_flow &flow_;
  bool keeps_locals_ = false;
  std::string name_;
  std::optional<place> declared_;
  const value_event *passed_ = nullptr;
};

} // namespace

void add_reasons(llvm::Function &coroutine, suspend_flow &flow, described_values &values) {
  reason_finder find(flow, coroutine.hasOptNone());
  const auto add = [&](const llvm::Value &value) {
    if (!value.hasName() || is_never_kept(value))
      return;
    const auto known = values.find(value.getName());
    if (known == values.end())
      return;
    if (known->second.kind != field_kind::promise)
      known->second.resident.reasons = find(value, known->second.resident);
    else
      for (const unsigned ordinal : flow.ordinals())
        known->second.resident.reasons.push_back({.across = ordinal});
  };
  for (const llvm::Argument &argument : coroutine.args())
    add(argument);
  for (const llvm::Instruction &instruction : llvm::instructions(coroutine))
    add(instruction);
}

void merge_residents(lowered_coroutine &coroutine) {
  for (lowered_field &field : coroutine.fields) {
    std::vector<lowered_resident> merged;
    for (lowered_resident &resident : field.residents) {
      const auto same = std::ranges::find_if(merged, [&](const lowered_resident &known) {
        lowered_resident twin = known;
        twin.reasons = resident.reasons;
        twin.values = resident.values;
        return twin == resident;
      });
      if (same == merged.end()) {
        merged.push_back(std::move(resident));
        continue;
      }
      same->values.insert(same->values.end(), resident.values.begin(), resident.values.end());
      for (lowered_why &why : resident.reasons)
        if (std::ranges::find(same->reasons, why.across, &lowered_why::across) == same->reasons.end())
          same->reasons.push_back(std::move(why));
      std::ranges::sort(same->reasons, {}, &lowered_why::across);
    }
    field.residents = std::move(merged);
  }
}

} // namespace coroscope::lowering
