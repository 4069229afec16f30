// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A call is found by the symbols of both its ends and by its place. What the IR never had, or had in a form that names
// no callee, is told from the source alone.
#include "elision_join.h"

#include "model/displayed_path.h"

#include <algorithm>

namespace coroscope {
namespace {

using frontend::coroutine_call;
using lowering::lowered_elision;

std::set<std::string> symbols_at(const std::map<std::string, std::set<std::string>> &symbols,
                                 const std::string &level) {
  const auto known = symbols.find(level);
  return known == symbols.end() ? std::set<std::string>() : known->second;
}

std::optional<range> range_of(const std::optional<lowering::place> &place, std::vector<source_file> &files) {
  if (!place)
    return std::nullopt;
  const std::string path = displayed_path(place->file);
  auto file = std::ranges::find(files, path, &source_file::path);
  if (file == files.end())
    file = files.insert(files.end(), {.path = path});
  const position begin{place->where.line, std::max(place->where.column, 1u)};
  return range{file_id{static_cast<std::uint32_t>(file - files.begin())}, begin, begin, {}};
}

std::string told_by_the_source(const coroutine_call &call, const std::string &level) {
  if (symbols_at(call.caller_symbols, level).empty())
    return "no code is generated for the caller at this level";
  if (call.is_virtual)
    return "it is a virtual call: which function runs is known only at run time";
  if (call.is_indirect)
    return "it is a call through a pointer: which function runs is known only at run time";
  if (!call.is_defined)
    return "its definition is not in this unit, so nothing of it can be elided here";
  return "no code is generated for this call: it is never reached";
}

} // namespace

std::vector<elision> join_elisions(frontend::source_facts &facts, const std::string &level,
                                   const std::vector<lowered_elision> &lowered) {
  std::multimap<position, const lowered_elision *> by_place;
  for (const lowered_elision &one : lowered)
    if (one.call)
      by_place.emplace(one.call->where, &one);
  const auto id_of = [](std::optional<std::size_t> index) {
    return index ? std::optional(coroutine_id{static_cast<std::uint32_t>(*index)}) : std::nullopt;
  };
  std::vector<elision> result;
  for (const coroutine_call &call : facts.calls) {
    elision one{.level = level,
                .caller = call.caller,
                .caller_id = id_of(call.caller_coroutine),
                .callee = call.callee,
                .callee_id = id_of(call.callee_coroutine),
                .call = call.where};
    const std::set<std::string> callers = symbols_at(call.caller_symbols, level);
    const std::set<std::string> callees = symbols_at(call.callee_symbols, level);
    const auto [first, last] = by_place.equal_range(call.key);
    const auto found = std::find_if(first, last, [&](const auto &entry) {
      return callers.contains(entry.second->caller) && (call.is_virtual || callees.contains(entry.second->callee));
    });
    if (found == last) {
      one.reason = told_by_the_source(call, level);
    } else {
      const lowered_elision &seen = *found->second;
      one.is_elided = seen.is_elided;
      one.rule = seen.rule;
      one.reason = seen.reason;
      one.reason_where = range_of(seen.reason_where, facts.files);
      one.bytes = seen.bytes;
    }
    result.push_back(std::move(one));
  }
  return result;
}

} // namespace coroscope
