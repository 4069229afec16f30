// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A value that is set before the suspend and needed after it crosses. A slot that only lives on is kept because its
// address is known elsewhere, or because optnone (-O0) keeps every slot whose scope the suspend is in.
#include "lowering/crossing.h"

#include "lowering/suspend_flow.h"
#include "lowering/variable.h"
#include "lowering/witness_words.h"

#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>

#include <algorithm>
#include <set>

namespace coroscope::lowering {
namespace {

/// What the split never puts into a frame, and what it computes anew.
bool is_never_kept(const llvm::Value &value) {
  if (value.getType()->isTokenTy() || value.use_empty() || is_computed_anew(value))
    return true;
  return llvm::isa<llvm::CoroIdInst, llvm::CoroSaveInst, llvm::CoroSuspendInst, llvm::CoroBeginInst>(value);
}

/// LLVM looks through so many blocks for whether one is reached from another (default-max-bbs-to-explore).
constexpr std::size_t most_blocks_searched = 32;

/// The name of the parameter of class type that the value was read from when the coroutine's copy was made; else "".
std::string copied_parameter(const llvm::Instruction &value) {
  if (!is_of_constructor(value))
    return {};
  if (const auto *phi = llvm::dyn_cast<llvm::PHINode>(&value)) {
    for (const llvm::Value *incoming : phi->incoming_values())
      if (const auto *load = llvm::dyn_cast<llvm::LoadInst>(incoming))
        if (std::string name = copied_parameter(*load); !name.empty())
          return name;
    return {};
  }
  const auto *load = llvm::dyn_cast<llvm::LoadInst>(&value);
  const auto *passed =
      load ? llvm::dyn_cast<llvm::Argument>(load->getPointerOperand()->stripInBoundsConstantOffsets()) : nullptr;
  return passed ? passed->getName().split('.').first.str() : "";
}

class reason_finder {
public:
  reason_finder(const llvm::Function &coroutine, suspend_flow &flow)
      : flow_(flow), keeps_locals_(coroutine.hasOptNone()), is_long_(coroutine.size() > most_blocks_searched),
        line_(coroutine.getSubprogram() ? coroutine.getSubprogram()->getLine() : 0) {}

  std::vector<lowered_why> operator()(const llvm::Value &value, const lowered_resident &resident) {
    name_ = resident.is_variable ? resident.name : "it";
    used_name_ = is_of_several_variables(value) ? "it" : name_;
    declared_ = resident.where;
    const std::vector<value_event> events = events_of(value);
    is_parameter_ = resident.is_parameter;
    passed_ = is_parameter_ ? first_of(events, sets_it) : nullptr;
    is_unmarked_temporary_ = resident.kind == field_kind::temporary && !has_begin(events);
    std::vector<crossing> crossings = flow_.crossings_of(events);
    flow_.find_loops(events, crossings);
    if (crossings.empty() && llvm::isa<llvm::AllocaInst>(value))
      crossings = flow_.careful_crossings_of(events);
    if (crossings.empty() && llvm::isa<llvm::AllocaInst>(value))
      return unproven(events);
    // The optimiser may yet let the slot begin to live behind the suspend; where it did not, its scope is the reason.
    if (!std::ranges::all_of(crossings, [&](const crossing &one) { return is_weak(one); }))
      std::erase_if(crossings, [&](const crossing &one) { return is_weak(one); });
    return reasons_of(crossings);
  }

private:
  /// Suspends with the same witnesses share a reason.
  std::vector<lowered_why> reasons_of(const std::vector<crossing> &crossings) {
    std::vector<lowered_why> reasons;
    std::vector<const crossing *> first;
    for (const crossing &one : crossings) {
      const auto same = std::ranges::find_if(first, [&](const crossing *known) {
        return known->definition == one.definition && known->need == one.need && known->escape == one.escape &&
               known->repeats == one.repeats;
      });
      if (same == first.end()) {
        first.push_back(&one);
        reasons.push_back(why_of(one));
      } else {
        reasons[static_cast<std::size_t>(same - first.begin())].across.push_back(one.ordinal);
      }
    }
    return reasons;
  }

  /// A slot that lives across no suspend is in the frame where LLVM does not see that: where its life has no begin and
  /// somebody gets its address, where it has no end, or where the search for the end is given up.
  [[nodiscard]] std::vector<lowered_why> unproven(const std::vector<value_event> &events) const {
    const value_event *begin = first_of(events, [](const value_event &event) { return event.what == effect::begins; });
    const value_event *end = first_of(events, [](const value_event &event) { return event.what == effect::ends; });
    const value_event *escape = first_of(events, [](const value_event &event) { return event.escapes; });
    if (begin ? end && !is_long_ : !escape)
      return {};
    lowered_why why{.reason = keep_reason::unproven};
    if (begin)
      why.definition = witness_of_definition(*begin, name_);
    if (begin && end)
      why.use = witness_of_use(*end, name_);
    else if (!begin)
      why.use = witness_of_escape(*escape, name_);
    return {why};
  }

  [[nodiscard]] const value_event *first_of(const std::vector<value_event> &events, auto is_wanted) const {
    const value_event *first = nullptr;
    for (const value_event &event : events)
      if (event.at && is_wanted(event) && (!first || flow_.comes_before(*event.at, *first->at)))
        first = &event;
    return first;
  }

  [[nodiscard]] bool is_weak(const crossing &one) const {
    return !keeps_locals_ && !one.escape && one.definition && one.definition->what == effect::begins;
  }

  /// Whether the value is set before and needed after the suspend.
  static bool is_needed(const crossing &one) {
    return one.definition && one.definition->what != effect::begins && one.need && one.need->what != effect::ends;
  }

  lowered_why why_of(const crossing &one) {
    lowered_why why{.across = {one.ordinal}, .repeats = one.repeats};
    if (one.definition && one.definition->what != effect::begins)
      why.definition = defined_by(*one.definition);
    if (is_needed(one)) {
      why.use = used_by(*one.need);
    } else if (one.escape) {
      why.reason = keep_reason::escapes;
      if (is_unmarked_temporary_) // nobody may use it any more, which LLVM is not told
        why.definition.reset();
      why.use = witness_of_escape(*one.escape, name_);
    } else {
      why.reason = keeps_locals_ ? keep_reason::always : keep_reason::crosses;
      if (one.need)
        why.use = used_by(*one.need);
    }
    return why;
  }

  [[nodiscard]] lowered_witness defined_by(const value_event &event) const {
    if (!event.at || (&event == passed_ && !llvm::isa<llvm::PHINode>(event.at)))
      return {"the caller passes " + name_, declared_};
    lowered_witness witness = witness_of_definition(event, name_);
    if (const std::string whole = name_ == "it" || event.through ? "" : copied_parameter(*event.at);
        !whole.empty() && whole != name_)
      return {"the caller passes " + name_ + " within " + whole, std::nullopt};
    if (witness.where)
      return witness;
    if (&event == passed_)
      return {"the caller passes " + name_, declared_};
    return declared_ && name_ != "it" && llvm::isa<llvm::PHINode>(event.at)
               ? lowered_witness{name_ + " is declared", declared_}
               : witness;
  }

  /// The end of a parameter copy has the coroutine's own place, which is that of its beginning.
  [[nodiscard]] lowered_witness used_by(const value_event &event) const {
    lowered_witness witness = witness_of_use(event, used_name_, /*looks_beyond=*/true);
    const bool is_end = event.what == effect::ends || witness.what.starts_with("~");
    if (!is_parameter_ || !is_end || !witness.where || witness.where->where.line != line_)
      return witness;
    return {event.what == effect::ends ? witness.what + " with the coroutine"
                                       : witness.what + " at the coroutine's end",
            std::nullopt};
  }

  static bool has_begin(const std::vector<value_event> &events) {
    return std::ranges::find(events, effect::begins, &value_event::what) != events.end();
  }

  /// Of the events of a parameter copy, the first of these makes it.
  static bool sets_it(const value_event &event) { return event.what == effect::sets || event.what == effect::changes; }

  suspend_flow &flow_;
  bool keeps_locals_ = false;
  bool is_long_ = false; ///< the split may not find the end of a life
  unsigned line_ = 0;    ///< of the coroutine
  bool is_parameter_ = false;
  bool is_unmarked_temporary_ = false;
  std::string name_;
  std::string used_name_; ///< behind the suspend the value may be another variable's
  std::optional<place> declared_;
  const value_event *passed_ = nullptr;
};

void add_reasons_for_new_points(std::vector<lowered_why> from, std::vector<lowered_why> &into) {
  const auto first = [](const lowered_why &why) { return why.across.empty() ? 0 : why.across.front(); };
  std::set<unsigned> explained;
  for (const lowered_why &why : into)
    explained.insert(why.across.begin(), why.across.end());
  for (lowered_why &why : from) {
    std::erase_if(why.across, [&](unsigned ordinal) { return explained.contains(ordinal); });
    if (!why.across.empty())
      into.push_back(std::move(why));
  }
  if (std::ranges::any_of(into, [](const lowered_why &why) { return why.reason != keep_reason::unproven; }))
    std::erase_if(into, [](const lowered_why &why) { return why.reason == keep_reason::unproven; });
  std::ranges::sort(into, {}, first);
}

} // namespace

void add_reasons(llvm::Function &coroutine, suspend_flow &flow, described_values &values) {
  reason_finder find(coroutine, flow);
  const auto add = [&](const llvm::Value &value) {
    if (!value.hasName() || is_never_kept(value))
      return;
    const auto known = values.find(value.getName());
    if (known == values.end())
      return;
    if (known->second.kind != field_kind::promise)
      known->second.reasons = find(value, known->second);
    else
      known->second.reasons = {{.across = flow.ordinals()}};
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
      add_reasons_for_new_points(std::move(resident.reasons), same->reasons);
    }
    field.residents = std::move(merged);
    if (!field.residents.empty())
      field.kind = field.residents.size() == 1 ? field.residents.front().kind : field_kind::shared;
  }
}

} // namespace coroscope::lowering
