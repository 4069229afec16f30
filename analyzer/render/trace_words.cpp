// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/trace_words.h"

#include "model/plain_name.h"
#include "model/point_label.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace coroscope::render {
namespace {

const traced_point *point_of(const traced_coroutine &coroutine, std::optional<std::uint32_t> ordinal) {
  if (!ordinal)
    return nullptr;
  const auto known = std::ranges::find(coroutine.points, *ordinal, &traced_point::ordinal);
  return known == coroutine.points.end() ? nullptr : &*known;
}

std::string spaced(std::string word) {
  std::ranges::replace(word, '_', ' ');
  return word;
}

std::string readiness(std::uint64_t flags) {
  return flags == 3 ? "readable or writable" : flags == 2 ? "writable" : "readable";
}

std::string target_label(const traced_run &run, const traced_event &event) {
  return event.target ? frame_label(run, *event.target) : "?";
}

} // namespace

const traced_coroutine *coroutine_of(const traced_run &run, std::optional<std::uint32_t> frame) {
  if (!frame || !run.frames.at(*frame).coroutine)
    return nullptr;
  return &run.coroutines.at(*run.frames[*frame].coroutine);
}

std::string point_label(const traced_coroutine &coroutine, std::uint32_t ordinal) {
  const traced_point *point = point_of(coroutine, ordinal);
  if (!point)
    return "S" + std::to_string(ordinal);
  return coroscope::point_label(point->kind, point->point ? point->point->value : point->rank);
}

std::string duration(std::uint64_t ns) {
  char text[32];
  if (ns < 1000)
    std::snprintf(text, sizeof text, "%llu ns", static_cast<unsigned long long>(ns));
  else if (ns < 1000000)
    std::snprintf(text, sizeof text, "%.1f µs", static_cast<double>(ns) / 1e3);
  else if (ns < 1000000000)
    std::snprintf(text, sizeof text, "%.3f ms", static_cast<double>(ns) / 1e6);
  else
    std::snprintf(text, sizeof text, "%.3f s", static_cast<double>(ns) / 1e9);
  return text;
}

std::string frame_label(const traced_run &run, std::uint32_t frame) {
  const traced_coroutine *coroutine = coroutine_of(run, frame);
  return (coroutine ? plain_name(coroutine->name) : "frame") + "#" + std::to_string(frame + 1);
}

std::string details(const traced_run &run, const traced_event &event) {
  if (event.kind == "frame_created") {
    const traced_coroutine *coroutine = coroutine_of(run, event.frame);
    char place[32] = "";
    if (event.frame)
      std::snprintf(place, sizeof place, "at 0x%llx, ",
                    static_cast<unsigned long long>(run.frames.at(*event.frame).address));
    return (coroutine ? std::to_string(coroutine->frame_size) + " bytes " : "") + place +
           (event.a ? "allocated" : "elided") + (event.by ? ", by " + frame_label(run, *event.by) : "");
  }
  if (event.kind == "transferred" && event.by)
    return "transferred by " + frame_label(run, *event.by);
  if ((event.kind == "resumed" || event.kind == "destroyed") && event.by)
    return "by " + (event.by == event.frame ? "itself" : frame_label(run, *event.by));
  if (event.resumer != outsider::unknown)
    return event.resumer == outsider::loop ? "by the loop" : "by another thread";
  if (event.kind == "suspended" && event.a != 0)
    return event.a == 1 ? "completed" : "completed with an exception";
  if (event.kind == "threw")
    return "unhandled_exception is called";
  if (event.kind == "unwound")
    return "an exception leaves it for who resumed it";
  if (event.kind == "poll_begin")
    return event.a == UINT64_MAX ? "no limit" : "at most " + duration(event.a);
  if (event.kind == "poll_end")
    return std::to_string(event.a) + " ready";
  if (event.kind == "fd_wait" || event.kind == "fd_ready")
    return "fd " + std::to_string(event.a) + " " + readiness(event.b);
  if (event.kind == "timer_armed")
    return "timer " + std::to_string(event.a) + ", in " + duration(event.b);
  if (event.kind == "timer_fired" || event.kind == "timer_cancelled")
    return "timer " + std::to_string(event.a);
  if (event.kind == "delivered" && event.b != 0 && event.b <= run.threads.size())
    return "posted by " + run.threads[event.b - 1];
  return event.kind == "awaits" ? target_label(run, event) : "";
}

std::string await_words(const traced_run &run, const traced_await &one) {
  std::string awaited = "awaits " + frame_label(run, one.awaited);
  switch (one.basis) {
  case await_basis::declared:
    return awaited;
  case await_basis::transfer:
    return awaited + " (transfers to it)";
  case await_basis::frame:
    return awaited + " (whose promise leads to it)";
  case await_basis::resumed_by:
    return awaited + " (which resumes it as it ends)";
  }
  return awaited;
}

std::string place(const traced_coroutine &coroutine, std::optional<std::uint32_t> ordinal) {
  const traced_point *point = point_of(coroutine, ordinal);
  // The compiler places the final point at the function's name; its line says as much.
  if (point && point->where && point->kind != suspend_kind::final)
    return coroutine.file + ":" + std::to_string(point->where->line) + ":" + std::to_string(point->where->column);
  return coroutine.line ? coroutine.file + ":" + std::to_string(coroutine.line) : coroutine.file;
}

std::string what(const traced_run &run, const traced_event &event) {
  const traced_coroutine *coroutine = coroutine_of(run, event.frame);
  std::string text = event.kind == "transferred" ? "resumed" : spaced(event.kind);
  if (event.point)
    text += " at " + (coroutine ? point_label(*coroutine, *event.point) : std::to_string(*event.point));
  return text;
}

std::vector<std::string> missing_events(const traced_run &run) {
  std::vector<std::string> sentences;
  if (run.overwritten_events.value_or(0) > 0)
    sentences.push_back("the first " + std::to_string(*run.overwritten_events) +
                        " events were overwritten: the recording keeps the last ones");
  if (run.lost_events > 0)
    sentences.push_back(std::to_string(run.lost_events) + " events were lost");
  sentences.insert(sentences.end(), run.omissions.begin(), run.omissions.end());
  return sentences;
}

std::vector<std::string> missing_debug_info(const traced_run &run) {
  std::vector<std::string> sentences;
  const auto of_all = [&](std::ptrdiff_t count) {
    return std::to_string(count) + " of " + std::to_string(run.coroutines.size()) + " coroutines were compiled ";
  };
  const auto has_lines = [](const traced_coroutine &coroutine) { return coroutine.line != 0; };
  const std::ptrdiff_t with_lines = std::ranges::count_if(run.coroutines, has_lines);
  if (const std::ptrdiff_t without = std::ssize(run.coroutines) - with_lines; without > 0)
    sentences.push_back(of_all(without) +
                        "without -g: their points are numbers in the order of the code, without lines, and no values "
                        "of variables are available; add -g, or for the lines join the recording with its source: "
                        "coroscope report FILE --trace=RECORDING");
  const auto has_variables = [](const traced_coroutine &coroutine) { return !coroutine.variables.empty(); };
  if (with_lines > 0 && !run.contents.empty() && std::ranges::none_of(run.coroutines, has_variables))
    sentences.push_back(of_all(with_lines) + "with the lines only (-g1): no values of variables are available; add -g");
  return sentences;
}

} // namespace coroscope::render
