// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "account/selection.h"

#include <algorithm>

namespace coroscope {

traced_run select(traced_run run, const event_selection &wanted) {
  std::vector<bool> named(run.coroutines.size(), true);
  if (wanted.coroutine)
    for (std::size_t i = 0; i < named.size(); ++i)
      named[i] = std::regex_search(run.coroutines[i].name, *wanted.coroutine) ||
                 std::regex_search(run.coroutines[i].mangled, *wanted.coroutine);
  const auto is_of_coroutine = [&](const traced_event &event) {
    if (!wanted.coroutine)
      return true;
    const auto coroutine = event.frame ? run.frames.at(*event.frame).coroutine : std::nullopt;
    return coroutine && named.at(*coroutine);
  };
  std::erase_if(run.events, [&](const traced_event &event) {
    const bool is_of_kind = wanted.kinds.empty() || std::ranges::find(wanted.kinds, event.kind) != wanted.kinds.end();
    return event.time < wanted.from || event.time > wanted.to || !is_of_kind || !is_of_coroutine(event);
  });
  return run;
}

} // namespace coroscope
