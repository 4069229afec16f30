// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "account/summary.h"

#include "account/history.h"

#include <algorithm>
#include <map>

namespace coroscope {
namespace {

struct point_times {
  std::vector<std::uint64_t> closed;
  std::uint64_t open = 0;
};

/// The smallest value that `percent` of the sorted values do not exceed.
std::uint64_t percentile(const std::vector<std::uint64_t> &sorted, unsigned percent) {
  if (sorted.empty())
    return 0;
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

point_summary sum_of(std::uint32_t point, point_times times) {
  std::ranges::sort(times.closed);
  point_summary sum{.point = point, .count = times.closed.size(), .open = times.open};
  for (const std::uint64_t time : times.closed)
    sum.total += time;
  sum.median = percentile(times.closed, 50);
  sum.p90 = percentile(times.closed, 90);
  sum.p99 = percentile(times.closed, 99);
  sum.longest = percentile(times.closed, 100);
  return sum;
}

void add(const frame_history &history, std::uint64_t frame_size, coroutine_summary &sum,
         std::map<std::uint32_t, point_times> &points) {
  if (history.stretches.empty())
    return; // only the loop spoke of it
  ++sum.frames;
  sum.elided += history.is_elided ? 1u : 0u;
  sum.allocated += history.is_created && !history.is_elided ? frame_size : 0;
  sum.alive += history.is_gone ? 0u : 1u;
  for (const stretch &stretch : history.stretches) {
    const std::uint64_t length = stretch.end - std::min(stretch.begin, stretch.end);
    if (stretch.state != stretch_state::suspended) {
      sum.running += stretch.own;
      sum.longest_step = std::max(sum.longest_step, length);
      continue;
    }
    ++sum.suspensions;
    if (!stretch.point)
      continue;
    point_times &times = points[*stretch.point];
    if (stretch.is_open)
      ++times.open;
    else
      times.closed.push_back(length);
  }
}

std::uint32_t rank_of(const traced_coroutine &coroutine, std::uint32_t ordinal) {
  const auto known = std::ranges::find(coroutine.points, ordinal, &traced_point::ordinal);
  return known == coroutine.points.end() ? ordinal : known->rank;
}

} // namespace

std::vector<coroutine_summary> summarise(const traced_run &run) {
  std::vector<coroutine_summary> sums(run.coroutines.size());
  std::vector<std::map<std::uint32_t, point_times>> points(run.coroutines.size());
  const std::vector<frame_history> all = histories(run);
  for (std::size_t frame = 0; frame < all.size(); ++frame)
    if (const auto index = run.frames[frame].coroutine)
      add(all[frame], run.coroutines.at(*index).frame_size, sums[*index], points[*index]);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    for (auto &[point, times] : points[i])
      sums[i].points.push_back(sum_of(point, std::move(times)));
    std::ranges::sort(sums[i].points, {},
                      [&](const point_summary &sum) { return rank_of(run.coroutines[i], sum.point); });
  }
  return sums;
}

} // namespace coroscope
