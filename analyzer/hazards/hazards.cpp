// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hazards/hazards.h"

#include "model/one_line.h"

#include <algorithm>
#include <array>
#include <functional>

namespace coroscope {
namespace {

using frontend::borrowed_argument;
using frontend::coroutine_call;
using frontend::source_facts;

constexpr std::uint64_t page = 4096;
constexpr std::uint64_t large = 256;

std::optional<coroutine_id> id_of(std::optional<std::size_t> index) {
  return index ? std::optional(coroutine_id{static_cast<std::uint32_t>(*index)}) : std::nullopt;
}

/// Whether the bytes of `kept` are the parameter that `argument` is given to, and of a view its pointer: not what hides
/// its name, nor the `this` of code that was inlined, nor a mere length.
bool is_parameter(const resident &kept, const borrowed_argument &argument) {
  if (argument.declared ? kept.where != argument.declared : !kept.inlined.empty())
    return false;
  const std::string part = argument.name + " (bytes ";
  if (!kept.name.starts_with(part))
    return kept.name == argument.name;
  const std::uint64_t first = std::stoull(kept.name.substr(part.size()));
  return !argument.pointer || (first <= *argument.pointer && *argument.pointer < first + kept.size.value_or(1));
}

/// Why the parameter of `argument` is needed after a suspend, at the most optimised level that was asked for: there a
/// suspend that never happens is gone.
const why *need_of(const coroutine &callee, const borrowed_argument &argument) {
  const auto lowering = std::ranges::find_if(callee.lowerings.rbegin(), callee.lowerings.rend(),
                                             [](const level_lowering &one) { return one.frame.has_value(); });
  if (lowering == callee.lowerings.rend())
    return nullptr;
  for (const field &field : lowering->frame->fields)
    for (const resident &resident : field.residents)
      if (is_parameter(resident, argument))
        for (const why &why : resident.reasons)
          if (why.reason == keep_reason::crosses && why.use &&
              std::ranges::any_of(why.across, [&](suspend_point_id point) {
                return callee.suspend_points.at(point.value).awaiter_type != "std::suspend_never";
              }))
            return &why;
  return nullptr;
}

std::string rule_of(const borrowed_argument &argument) {
  switch (argument.kind) {
  case frontend::borrowed_kind::closure:
    return "closure-dies";
  case frontend::borrowed_kind::object:
    return "this-of-temporary";
  case frontend::borrowed_kind::argument:
    break;
  }
  return "dangling-reference";
}

std::string message_of(const borrowed_argument &argument, const coroutine &callee) {
  const std::string end = " dies at the end of this statement, and " + callee.name + " reads it after a suspension";
  if (!argument.variable.empty())
    return "'" + argument.variable + "', which " +
           (argument.kind == frontend::borrowed_kind::argument ? "the parameter '" + argument.name + "' refers to"
                                                               : std::string("the coroutine is called on")) +
           ", dies when this function returns, and " + callee.name + " reads it after a suspension";
  switch (argument.kind) {
  case frontend::borrowed_kind::closure:
    return "the closure with the captures" + end;
  case frontend::borrowed_kind::object:
    return "the temporary object that the member function is called on" + end;
  case frontend::borrowed_kind::argument:
    break;
  }
  return "the temporary that the parameter '" + argument.name + "' refers to" + end;
}

bool starts_at_once(const coroutine &coroutine) {
  return !coroutine.suspend_points.empty() && coroutine.suspend_points.front().kind == suspend_kind::initial &&
         coroutine.suspend_points.front().awaiter_type == "std::suspend_never";
}

/// A call whose coroutine outlives the statement, and with it the temporaries that it was given.
void add_borrowed(const source_facts &facts, std::vector<hazard> &found) {
  for (const coroutine_call &call : facts.calls) {
    if (!call.callee_coroutine)
      continue;
    const coroutine &callee = facts.coroutines[*call.callee_coroutine].value;
    if (!call.is_kept && !(call.is_dropped && starts_at_once(callee)))
      continue;
    for (const borrowed_argument &argument : call.borrowed)
      if (const why *need = need_of(callee, argument))
        found.push_back({.name = rule_of(argument),
                         .coroutine = id_of(call.caller_coroutine ? call.caller_coroutine : call.callee_coroutine),
                         .message = message_of(argument, callee),
                         .where = argument.where,
                         .because = {*need->use}});
  }
}

void add_guards(const source_facts &facts, std::vector<hazard> &found) {
  for (const frontend::held_guard &guard : facts.guards)
    found.push_back({.name = "guard-across-suspend",
                     .coroutine = id_of(guard.coroutine),
                     .message = "'" + guard.name + "' (" + guard.type +
                                ") is held across a suspension: who resumes may be another thread, and whoever else "
                                "wants the lock meanwhile blocks",
                     .where = guard.where,
                     .because = {{.what = "the coroutine suspends", .place = guard.suspend}}});
}

/// Of values that share a field, that which made it so large; a temporary with what makes it.
std::string largest_resident(const field &field) {
  const resident &largest = *std::ranges::max_element(field.residents, {}, &resident::size);
  return largest.name + (largest.expression ? " `" + shortened(*largest.expression) + "`" : "");
}

std::string largest_fields(const frame &frame) {
  std::vector<const field *> fields;
  for (const field &field : frame.fields)
    if (field.kind != field_kind::padding && !field.residents.empty())
      fields.push_back(&field);
  std::ranges::sort(fields, {}, [](const field *one) { return std::pair(~one->size, one->offset); });
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(fields.size(), 3); ++i)
    text += (i == 0 ? "" : ", ") + largest_resident(*fields[i]) + " " + std::to_string(fields[i]->size);
  return text;
}

void add_large_frames(const source_facts &facts, std::vector<hazard> &found) {
  for (std::size_t i = 0; i < facts.coroutines.size(); ++i) {
    const coroutine &one = facts.coroutines[i].value;
    std::string levels;
    const frame *largest = nullptr;
    for (const level_lowering &lowering : one.lowerings) {
      if (!lowering.frame || lowering.frame->size <= page)
        continue;
      levels += (levels.empty() ? "" : ", ") + std::to_string(lowering.frame->size) + " bytes at " + lowering.level;
      if (!largest || lowering.frame->size > largest->size)
        largest = &*lowering.frame;
    }
    if (largest)
      found.push_back(
          {.name = "frame-over-page",
           .coroutine = id_of(i),
           .message = "the frame is larger than a page: " + levels + "; most of it: " + largest_fields(*largest),
           .where = one.where,
           .because = {}});
  }
}

/// Whether the field is so large for a variable alone: without it, what shares its slot would not keep the slot.
bool has_large_local(const field &field) {
  std::vector<std::pair<std::uint64_t, bool>> sizes; // and whether it is a variable
  for (const resident &resident : field.residents)
    sizes.emplace_back(resident.size.value_or(field.size), resident.kind == field_kind::local);
  std::ranges::sort(sizes, std::greater());
  return !sizes.empty() && sizes.front().second && sizes.front().first >= large &&
         (sizes.size() == 1 || sizes.front().first - sizes[1].first >= large);
}

/// Whether all that follows each suspend is the end of the variable's scope: its storage is kept, its value is not.
bool is_kept_for_its_scope(const resident &kept) {
  const std::string end = "the scope of " + kept.name + " ends";
  return !kept.reasons.empty() && std::ranges::all_of(kept.reasons, [&](const why &why) {
    return why.reason == keep_reason::crosses && why.use && why.use->what == end;
  });
}

/// Where the optimiser saw every use of the variable and keeps it all the same, at the first such level.
void add_dead_locals(const source_facts &facts, std::vector<hazard> &found) {
  for (std::size_t i = 0; i < facts.coroutines.size(); ++i) {
    const coroutine &one = facts.coroutines[i].value;
    std::vector<range> told;
    for (const level_lowering &lowering : one.lowerings) {
      if (!lowering.frame)
        continue;
      for (const field &field : lowering.frame->fields) {
        if (!has_large_local(field))
          continue;
        const resident &kept = *std::ranges::max_element(field.residents, {}, &resident::size);
        if (!kept.where || !is_kept_for_its_scope(kept) || std::ranges::find(told, *kept.where) != told.end())
          continue;
        told.push_back(*kept.where);
        found.push_back({.name = "large-dead-local",
                         .coroutine = id_of(i),
                         .message = "nothing reads '" + kept.name + "' after a suspension, and its " +
                                    std::to_string(kept.size.value_or(field.size)) + " bytes are in the frame at " +
                                    lowering.level + ": end its scope before the suspension",
                         .where = *kept.where,
                         .because = {*kept.reasons.front().use}});
      }
    }
  }
}

/// Calls that one await after the other makes anew, at the highest level that was asked for.
void add_loop_allocations(const source_facts &facts, const std::vector<elision> &elisions, std::vector<hazard> &found) {
  for (const coroutine_call &call : facts.calls) {
    if (!call.is_repeated || !call.is_awaited || !call.callee_coroutine || !call.where)
      continue;
    const elision *last = nullptr;
    for (const elision &one : elisions)
      if (one.level != "O0" && one.caller == call.caller && one.callee == call.callee && one.call == call.where)
        last = &one;
    // A call that the loop seldom reaches is no waste; a virtual one says nothing of its callee.
    if (!last || last->is_elided || last->rule != elision_rule::halo)
      continue;
    hazard hazard{.name = "allocation-in-loop",
                  .coroutine = id_of(call.caller_coroutine),
                  .message = "each turn of the loop allocates a frame of " + call.callee + " at " + last->level + ": " +
                             last->reason,
                  .where = *call.where,
                  .because = {}};
    if (last->reason_where)
      hazard.because.push_back({.what = "what keeps it from being elided", .place = last->reason_where});
    found.push_back(std::move(hazard));
  }
}

} // namespace

std::span<const std::string_view> hazard_names() {
  static constexpr std::array<std::string_view, 7> names = {
      "dangling-reference", "closure-dies",     "this-of-temporary", "guard-across-suspend",
      "frame-over-page",    "large-dead-local", "allocation-in-loop"};
  return names;
}

std::vector<hazard> find_hazards(const source_facts &facts, const std::vector<elision> &elisions) {
  std::vector<hazard> found;
  add_borrowed(facts, found);
  add_guards(facts, found);
  add_large_frames(facts, found);
  add_dead_locals(facts, found);
  add_loop_allocations(facts, elisions, found);
  std::ranges::sort(
      found, {}, [](const hazard &one) { return std::tuple(one.where.file, one.where.begin, one.name, one.message); });
  return found;
}

} // namespace coroscope
