// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Debug info ties a variable to slots, values and constants. What is in the frame is told by the layout alone; of the
// others, what is not needed behind a suspend is dead before it, what is needed there is computed anew.
#include "lowering/absence.h"

#include "lowering/bindings.h"
#include "lowering/expression_words.h"
#include "lowering/place.h"
#include "lowering/suspend_flow.h"
#include "lowering/type_name.h"
#include "lowering/variable.h"
#include "lowering/witness_words.h"

#include <llvm/ADT/MapVector.h>
#include <llvm/ADT/SetVector.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/DebugProgramInstruction.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>

#include <algorithm>
#include <map>

namespace coroscope::lowering {
namespace {

/// What debug info ties to one variable.
struct variable_values {
  unsigned column = 0;
  llvm::SmallSetVector<const llvm::Value *, 4> values;         ///< slots and SSA values
  llvm::SmallSetVector<const llvm::AllocaInst *, 4> addresses; ///< of slots: the variable points there
  llvm::SmallSetVector<const llvm::Constant *, 4> constants;
  std::map<std::uint64_t, std::uint64_t> constant_parts; ///< offset and bytes of parts that are among the constants
  llvm::SmallSetVector<const llvm::Value *, 4> sources;  ///< that debug info computes the variable from
  bool is_lost = false; ///< for a part of the code debug info does not say what the variable is
};

using variables = llvm::MapVector<const llvm::DILocalVariable *, variable_values>;

bool is_asked_for(const llvm::DILocalVariable &variable) {
  return !variable.getName().empty() && (!variable.isArtificial() || variable.getName() == "this");
}

void note(const llvm::DbgVariableRecord &record, variable_values &known) {
  if (const llvm::DebugLoc &location = record.getDebugLoc();
      location && location.getLine() == record.getVariable()->getLine() && known.column == 0)
    known.column = location.getCol();
  if (record.isDbgAssign() && !record.isKillAddress())
    if (const llvm::Value *address = record.getAddress()->stripInBoundsOffsets(); llvm::isa<llvm::AllocaInst>(address))
      known.values.insert(address);
  if (record.isKillLocation() || !(record.isDbgDeclare() || is_value(*record.getExpression()))) {
    known.is_lost = known.is_lost || !record.isDbgAssign() || record.isKillAddress();
    if (!record.isKillLocation())
      for (const llvm::Value *value : record.location_ops())
        if (!llvm::isa<llvm::Constant>(value))
          known.sources.insert(value);
    return;
  }
  const auto part = part_of(record);
  for (const llvm::Value *value : record.location_ops()) {
    const auto *slot = llvm::dyn_cast<llvm::AllocaInst>(value);
    if (const auto *constant = llvm::dyn_cast<llvm::Constant>(value)) {
      known.constants.insert(constant);
      if (part)
        known.constant_parts.insert(*part);
    } else if (slot && !record.isDbgDeclare()) {
      known.addresses.insert(slot);
    } else {
      known.values.insert(value);
    }
  }
}

/// Whether the constants are all of the variable, and not some of its members.
bool are_whole(const variable_values &known, const llvm::DILocalVariable &variable) {
  if (known.constant_parts.empty())
    return true;
  std::uint64_t bytes = 0;
  for (const auto &[offset, size] : known.constant_parts)
    bytes += size;
  return bytes * 8 >= variable.getSizeInBits().value_or(0);
}

variables variables_of(llvm::Function &coroutine) {
  variables found;
  variables artificial;
  const llvm::DISubprogram *own = coroutine.getSubprogram();
  if (!own)
    return found;
  for (const llvm::DINode *node : own->getRetainedNodes())
    if (const auto *variable = llvm::dyn_cast<llvm::DILocalVariable>(node); variable && is_asked_for(*variable))
      found[variable];
  for (llvm::Instruction &instruction : llvm::instructions(coroutine))
    for (const llvm::DbgVariableRecord &record : llvm::filterDbgVars(instruction.getDbgRecordRange()))
      if (!record.getDebugLoc().getInlinedAt())
        note(record, (is_asked_for(*record.getVariable()) ? found : artificial)[record.getVariable()]);
  // A binding is asked for by what it refers to: of the reference to it nothing is left.
  for (auto &[part, known] : artificial)
    for (auto &[variable, reference] : found)
      if (stands_for(*part, *variable)) {
        known.column = reference.column != 0 ? reference.column : known.column;
        reference = known;
      }
  return found;
}

class absence_finder {
public:
  absence_finder(suspend_flow &flow, const described_values &values) : flow_(flow), values_(values) {}

  absence_candidate operator()(const llvm::DILocalVariable &variable, const variable_values &known) {
    absence_candidate candidate;
    lowered_absence &absence = candidate.absence;
    absence.name = variable.getName().str();
    absence.type = type_name(variable.getType());
    absence.argument = variable.getArg();
    if (variable.getLine() != 0)
      absence.where = place{path_of(variable.getFile()), {variable.getLine(), known.column}};
    for (const llvm::Value *value : known.values) {
      candidate.values.insert(value->getName().str());
      if (const auto *cast = llvm::dyn_cast<llvm::CastInst>(value)) // what it stands for is kept in another type
        candidate.values.insert(cast->getOperand(0)->getName().str());
    }
    if (known.is_lost) {
      absence.reason = absence::optimised_out;
      for (const llvm::Value *source : known.sources)
        add_sources(*source, candidate.sources);
    } else if (!known.values.empty()) {
      describe(known, absence);
      if (!absence.last_use && absence.reason == absence::dead_before_suspend && !known.constants.empty())
        describe_constants(variable, known, absence);
    } else if (!known.addresses.empty()) {
      describe_addresses(known, candidate);
    } else if (!known.constants.empty() && are_whole(known, variable)) {
      describe_constants(variable, known, absence);
    } else {
      absence.reason = absence::optimised_out;
    }
    return candidate;
  }

private:
  /// What is computed anew behind a suspend is never in the frame; what it is computed from may be.
  static void add_sources(const llvm::Value &value, std::vector<std::string> &names) {
    if (!is_computed_anew(value)) {
      names.push_back(value.getName().str());
      return;
    }
    for (const llvm::Value *operand : llvm::cast<llvm::User>(value).operands())
      if (!llvm::isa<llvm::Constant>(operand))
        add_sources(*operand, names);
  }

  void describe(const variable_values &known, lowered_absence &absence) {
    const value_event *last = nullptr;
    std::vector<std::vector<value_event>> kept;
    for (const llvm::Value *value : known.values) {
      kept.push_back(events_of(*value));
      if (is_computed_anew(*value) && !flow_.crossings_of(kept.back()).empty()) {
        absence.reason = absence::rematerialised;
        absence.detail = expression_words(*value, values_);
        return;
      }
      for (const value_event &event : kept.back())
        if (event.at && event.through && event.what != effect::begins && event.what != effect::ends &&
            event.what != effect::sets && (!last || flow_.comes_before(*last->at, *event.at)))
          last = &event;
    }
    absence.reason = absence::dead_before_suspend;
    if (!last)
      return;
    absence.last_use = witness_of_use(*last, absence.name);
    absence.before = flow_.suspend_after(*last->at);
  }

  /// What points to a slot of the frame is as good as the frame's own address.
  static void describe_addresses(const variable_values &known, absence_candidate &candidate) {
    candidate.absence.reason = absence::rematerialised;
    for (const llvm::AllocaInst *slot : known.addresses)
      candidate.sources.push_back(slot->getName().str());
  }

  void describe_constants(const llvm::DILocalVariable &variable, const variable_values &known,
                          lowered_absence &absence) const {
    absence.reason = absence::constant;
    for (const llvm::Constant *constant : known.constants) {
      const std::string words = constant_words(*constant, variable.getType());
      if (words.empty()) {
        absence.detail.clear();
        return;
      }
      absence.detail += (absence.detail.empty() ? "" : ", ") + words;
    }
  }

  suspend_flow &flow_;
  const described_values &values_;
};

/// The resident that holds one of `values`, anywhere in the frame.
const lowered_resident *holder_of(const std::set<std::string> &values, const lowered_coroutine &coroutine) {
  for (const lowered_field &field : coroutine.fields)
    for (const lowered_resident &resident : field.residents)
      if (std::ranges::any_of(resident.values, [&](const std::string &value) { return values.contains(value); }))
        return &resident;
  return nullptr;
}

/// Of the residents that the variable is computed from one value each; empty where one is not in the frame.
std::vector<std::string> kept_sources(const std::vector<std::string> &sources, const lowered_coroutine &coroutine) {
  const auto is_kept = [&](const std::string &source) { return holder_of({source}, coroutine) != nullptr; };
  return std::ranges::all_of(sources, is_kept) ? sources : std::vector<std::string>{};
}

bool is_resident(const lowered_absence &variable, const lowered_coroutine &coroutine) {
  const auto is_same = [&](const lowered_resident &resident) {
    if (!resident.is_variable || resident.is_inlined)
      return false;
    const unsigned line = resident.where ? resident.where->where.line : 0;
    return resident.name == variable.name && (!variable.where || line == variable.where->where.line);
  };
  return std::ranges::any_of(coroutine.fields,
                             [&](const lowered_field &field) { return std::ranges::any_of(field.residents, is_same); });
}

} // namespace

std::vector<absence_candidate> find_candidates(llvm::Function &coroutine, suspend_flow &flow,
                                               const described_values &values) {
  std::vector<absence_candidate> candidates;
  absence_finder find(flow, values);
  for (const auto &[variable, known] : variables_of(coroutine))
    candidates.push_back(find(*variable, known));
  std::ranges::sort(candidates, {}, [](const absence_candidate &candidate) {
    const lowered_absence &absence = candidate.absence;
    return std::tuple(absence.argument == 0, absence.argument, absence.where ? absence.where->where : position{},
                      absence.name);
  });
  return candidates;
}

void add_absences(const std::vector<absence_candidate> &candidates, lowered_coroutine &coroutine) {
  for (const absence_candidate &candidate : candidates) {
    const lowered_resident *holder = holder_of(candidate.values, coroutine);
    // A structured binding's object is in the frame as "[x, y]".
    if (is_resident(candidate.absence, coroutine) || (holder && holder->name.starts_with('[')))
      continue;
    lowered_absence &absence = coroutine.absent.emplace_back(candidate.absence);
    absence.kept_as = kept_sources(candidate.sources, coroutine);
    if (!candidate.sources.empty() && absence.kept_as.empty() && absence.reason == absence::rematerialised) {
      absence.reason = absence::dead_before_suspend;
      absence.detail = "what it points to is not in the frame";
    }
    if (!holder)
      continue;
    absence.reason = absence::part_of_another;
    absence.last_use.reset();
    absence.before.reset();
    absence.detail.clear();
    absence.kept_as = {holder->values.front()};
  }
}

} // namespace coroscope::lowering
