// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "account/selection.h"

#include <algorithm>

namespace coroscope {
namespace {

/// By coroutine.
std::vector<bool> named_coroutines(const traced_run &run, const event_selection &wanted) {
  std::vector<bool> named(run.coroutines.size(), true);
  if (wanted.coroutine)
    for (std::size_t i = 0; i < named.size(); ++i)
      named[i] = std::regex_search(run.coroutines[i].name, *wanted.coroutine) ||
                 std::regex_search(run.coroutines[i].mangled, *wanted.coroutine);
  return named;
}

} // namespace

traced_run select(traced_run run, const event_selection &wanted) {
  const std::vector<bool> named = named_coroutines(run, wanted);
  const auto is_of_coroutine = [&](const traced_event &event) {
    if (!wanted.coroutine)
      return true;
    const auto coroutine = event.frame ? run.frames.at(*event.frame).coroutine : std::nullopt;
    return coroutine && named.at(*coroutine);
  };
  const auto is_wanted = [&](const traced_event &event) {
    const bool is_of_kind = wanted.kinds.empty() || std::ranges::find(wanted.kinds, event.kind) != wanted.kinds.end();
    return event.time >= wanted.from && event.time <= wanted.to && is_of_kind && is_of_coroutine(event);
  };
  std::vector<std::optional<std::uint32_t>> places;
  std::vector<traced_event> events;
  for (traced_event &event : run.events) {
    const bool is_kept = is_wanted(event);
    places.push_back(is_kept ? std::optional(static_cast<std::uint32_t>(events.size())) : std::nullopt);
    if (is_kept)
      events.push_back(std::move(event));
  }
  run.events = std::move(events);
  std::erase_if(run.awaits, [&](const traced_await &one) { return !places.at(one.begin); });
  for (traced_await &one : run.awaits) {
    one.begin = *places.at(one.begin);
    one.end = one.end ? places.at(*one.end) : std::nullopt;
  }
  std::erase_if(run.contents, [&](const frame_contents &contents) { return !places.at(contents.event); });
  for (frame_contents &contents : run.contents)
    contents.event = *places.at(contents.event);
  return run;
}

void select(std::vector<coroutine_summary> &sums, const traced_run &run, const event_selection &wanted) {
  const std::vector<bool> named = named_coroutines(run, wanted);
  for (std::size_t i = 0; i < sums.size(); ++i)
    if (!named.at(i))
      sums[i] = {};
}

void select(std::vector<frame_history> &histories, const traced_run &run, const event_selection &wanted) {
  const std::vector<bool> named = named_coroutines(run, wanted);
  for (std::size_t frame = 0; frame < histories.size(); ++frame) {
    const auto coroutine = run.frames.at(frame).coroutine;
    const bool is_named = !wanted.coroutine || (coroutine && named.at(*coroutine));
    std::erase_if(histories[frame].stretches,
                  [&](const stretch &one) { return !is_named || one.end < wanted.from || one.begin > wanted.to; });
  }
}

} // namespace coroscope
