// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A call is found by the symbols of both its ends and by its place. What the IR never had, or had in a form that names
// no callee to the end, is told from the source alone. Calls of the IR that no call of the source is are those of
// functions that are not read: what std::invoke calls is told of the function that std::invoke was inlined into.
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

std::optional<coroutine_id> id_of(std::optional<std::size_t> index) {
  return index ? std::optional(coroutine_id{static_cast<std::uint32_t>(*index)}) : std::nullopt;
}

class joiner {
public:
  joiner(frontend::source_facts &facts, const std::string &level, const std::vector<lowered_elision> &lowered)
      : facts_(facts), level_(level) {
    for (const lowered_elision &one : lowered)
      if (one.call)
        by_place_.emplace(one.call->where, &one);
  }

  std::vector<elision> join() {
    std::vector<elision> result;
    for (const coroutine_call &call : facts_.calls)
      result.push_back(row_of(call));
    for (const auto &[where, one] : by_place_)
      if (!claimed_.contains(one) && where.column != 0) // else the place is one of several calls that became one
        for (const lowered_elision &host : one->hosts)
          if (std::optional<elision> row = claimed_.contains(&host) ? std::nullopt : row_of(host))
            result.push_back(std::move(*row));
    return result;
  }

private:
  elision row_of(const coroutine_call &call) {
    elision row{.level = level_,
                .caller = call.caller,
                .caller_id = id_of(call.caller_coroutine),
                .callee = call.callee,
                .callee_id = id_of(call.callee_coroutine),
                .call = call.where};
    std::vector<const lowered_elision *> found = lowered_of(call);
    if (found.empty()) {
      row.reason = told_by_the_source(call, level_);
      return row;
    }
    claimed_.insert(found.begin(), found.end());
    const bool are_told_apart = found.front()->of == call.of;
    if (are_told_apart && !(call.is_virtual || call.is_indirect))
      std::erase_if(found, [&](const lowered_elision *one) { return one->ordinal != call.ordinal; });
    // Of several, such as those of the two functions that a constructor becomes, the worst.
    take(**std::ranges::min_element(found, {}, [](const lowered_elision *one) { return one->is_elided; }), row);
    if (call.of > 1)
      row.reason += "; of the " + std::to_string(call.of) + " such calls here it is number " +
                    std::to_string(call.ordinal) +
                    (are_told_apart ? ", by their order" : ", but which of them the code makes is not known");
    return row;
  }

  /// What the IR had of the call, or of what a pointer that it calls was found to be.
  [[nodiscard]] std::vector<const lowered_elision *> lowered_of(const coroutine_call &call) const {
    const std::set<std::string> callers = symbols_at(call.caller_symbols, level_);
    const std::set<std::string> callees = symbols_at(call.callee_symbols, level_);
    const bool is_open = call.is_virtual || call.is_indirect;
    std::vector<const lowered_elision *> found;
    const auto [first, last] = by_place_.equal_range(call.key);
    for (auto one = first; one != last; ++one)
      if (callers.contains(one->second->caller) && (is_open || callees.contains(one->second->callee)))
        found.push_back(one->second);
    if (is_open && found.empty())
      for (const auto &[where, one] : by_place_)
        for (const lowered_elision &host : one->hosts)
          if (host.call && host.call->where == call.key && callers.contains(host.caller) && !claimed_.contains(one))
            found.push_back(&host);
    return found;
  }

  /// Of a call of a coroutine of the unit by a function that was not read.
  std::optional<elision> row_of(const lowered_elision &host) {
    const auto is_at = [&](const std::string &symbol) {
      return [this, &symbol](const frontend::coroutine_facts &one) {
        const auto known = one.symbols.find(level_);
        return known != one.symbols.end() && known->second == symbol;
      };
    };
    const auto number = [&](auto coroutine) {
      return coroutine == facts_.coroutines.end()
                 ? std::nullopt
                 : std::optional(static_cast<std::size_t>(coroutine - facts_.coroutines.begin()));
    };
    const std::optional<std::size_t> callee = number(std::ranges::find_if(facts_.coroutines, is_at(host.callee)));
    const std::optional<std::size_t> caller = number(std::ranges::find_if(facts_.coroutines, is_at(host.caller)));
    if (!callee)
      return std::nullopt;
    const auto is_caller = [&](const coroutine_call &call) {
      return host.caller != frontend::variable_initialiser &&
             symbols_at(call.caller_symbols, level_).contains(host.caller);
    };
    const auto known = std::ranges::find_if(facts_.calls, is_caller);
    elision row{.level = level_,
                .caller = caller                        ? facts_.coroutines[*caller].value.name
                          : known != facts_.calls.end() ? known->caller
                                                        : host.caller_name,
                .caller_id = id_of(caller),
                .callee = facts_.coroutines[*callee].value.name,
                .callee_id = id_of(callee),
                .call = range_of(host.call, facts_.files)};
    take(host, row);
    return row;
  }

  void take(const lowered_elision &seen, elision &row) {
    row.is_elided = seen.is_elided;
    row.rule = seen.rule;
    row.reason = seen.reason;
    row.reason_where = range_of(seen.reason_where, facts_.files);
    row.bytes = seen.bytes;
  }

  frontend::source_facts &facts_;
  const std::string &level_;
  std::multimap<position, const lowered_elision *> by_place_;
  std::set<const lowered_elision *> claimed_; ///< by calls of the source
};

} // namespace

std::vector<elision> join_elisions(frontend::source_facts &facts, const std::string &level,
                                   const std::vector<lowered_elision> &lowered) {
  return joiner(facts, level, lowered).join();
}

} // namespace coroscope
