// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/trace_summary.h"

#include "model/plain_name.h"
#include "render/table.h"
#include "render/trace_words.h"

namespace coroscope::render {
namespace {

using enum table::align;

std::string counted(std::size_t number, const std::string &noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

} // namespace

std::string coroutine_summary_text(const traced_run &run, std::span<const coroutine_summary> sums) {
  table lines({left, right, right, right, right, right, right, right, right, left});
  lines.add({"coroutine", "frames", "elided", "bytes each", "allocated", "suspensions", "running", "longest step",
             "still alive", "at"});
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const coroutine_summary &sum = sums[i];
    const traced_coroutine &coroutine = run.coroutines.at(i);
    if (sum.frames > 0)
      lines.add({plain_name(coroutine.name), std::to_string(sum.frames), std::to_string(sum.elided),
                 std::to_string(coroutine.frame_size), std::to_string(sum.allocated), std::to_string(sum.suspensions),
                 duration(sum.running), duration(sum.longest_step), std::to_string(sum.alive),
                 place(coroutine, std::nullopt)});
  }
  std::string text = lines.text("  ");
  text += "  " + counted(run.events.size(), "event") + ", " + counted(run.frames.size(), "frame") + ", " +
          counted(run.threads.size(), "thread") + ", " + duration(run.events.empty() ? 0 : run.events.back().time) +
          "\n";
  for (const std::string &sentence : missing_events(run))
    text += "  " + sentence + "\n";
  return text;
}

std::string point_summary_text(const traced_run &run, std::span<const coroutine_summary> sums) {
  table lines({left, left, right, right, right, right, right, right, right, left});
  lines.add({"coroutine", "point", "suspended", "total", "median", "p90", "p99", "longest", "still there", "at"});
  for (std::size_t i = 0; i < sums.size(); ++i)
    for (const point_summary &sum : sums[i].points) {
      const traced_coroutine &coroutine = run.coroutines.at(i);
      const auto time = [&](std::uint64_t ns) { return sum.count > 0 ? duration(ns) : "-"; };
      lines.add({plain_name(coroutine.name), point_label(coroutine, sum.point), std::to_string(sum.count + sum.open),
                 time(sum.total), time(sum.median), time(sum.p90), time(sum.p99), time(sum.longest),
                 std::to_string(sum.open), place(coroutine, sum.point)});
    }
  return lines.text("  ");
}

} // namespace coroscope::render
