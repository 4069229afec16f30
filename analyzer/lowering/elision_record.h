// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the passes did with one call of the source, in each function that its code got into.
#pragma once

#include "lowering/elision_calls.h"
#include "lowering/elision_verdict.h"

#include <algorithm>
#include <map>
#include <set>

namespace coroscope::lowering {

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
  bool is_generated = false;                     ///< as a direct call; else a pass found out what it calls
  bool is_indirect = false;                      ///< the caller itself still does not know what it calls
  std::map<call_host, attempts> outcomes;        ///< by where the call was tried
  std::optional<elision_verdict> not_annotation; ///< why the mark was of no use
  std::set<call_host> left_in;                   ///< where the ramp is still called at the end
  std::map<call_host, call_host> written;        ///< for each of these the call that the unit's own code makes

  [[nodiscard]] std::map<call_host, std::set<call_host>> by_written_call() const {
    std::map<call_host, std::set<call_host>> calls;
    for (const call_host &host : hosts())
      calls[written.at(host)].insert(host);
    return calls;
  }

  [[nodiscard]] std::set<call_host> hosts() const {
    std::set<call_host> all = left_in;
    for (const auto &[host, tried] : outcomes)
      all.insert(host);
    return all;
  }
};

} // namespace coroscope::lowering
