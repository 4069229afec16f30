// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/trace_text.h"

#include "model/point_label.h"
#include "render/table.h"
#include "render/words.h"

#include <algorithm>
#include <cstdio>

namespace coroscope::render {
namespace {

using enum table::align;

/// "net::session<int>::read(char*)" -> "read": the last word of a qualified name, without arguments and parameters.
std::string plain_name(const std::string &name) {
  // Template arguments and parameters may hold "::" and spaces themselves.
  std::string flat;
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.compare(i, 8, "(lambda)") == 0 && depth == 0) {
      flat += "lambda";
      i += 7;
      continue;
    }
    const char letter = name[i];
    const bool closes = letter == '>' || letter == ')' || letter == '}';
    depth -= closes ? 1 : 0;
    const bool opens = letter == '<' || letter == '(' || letter == '{';
    if (depth == 0 && !closes && !opens)
      flat += letter;
    depth += opens ? 1 : 0;
  }
  // What stands behind the parameters is no part of the name.
  for (const std::string_view qualifier : {" &&", " &", " const"})
    if (flat.ends_with(qualifier))
      flat.erase(flat.size() - qualifier.size());
  if (flat.find("lambda::operator") != std::string::npos)
    return "lambda";
  if (const std::size_t call = flat.rfind("operator"); call != std::string::npos && flat.ends_with("operator"))
    return "operator()";
  if (const std::size_t colon = flat.rfind("::"); colon != std::string::npos)
    flat = flat.substr(colon + 2);
  if (const std::size_t space = flat.rfind(' '); space != std::string::npos && space + 1 < flat.size())
    flat = flat.substr(space + 1);
  return flat;
}

const traced_coroutine *coroutine_of(const traced_run &run, std::optional<std::uint32_t> frame) {
  if (!frame || !run.frames.at(*frame).coroutine)
    return nullptr;
  return &run.coroutines.at(*run.frames[*frame].coroutine);
}

const traced_point *point_of(const traced_coroutine &coroutine, std::optional<std::uint32_t> ordinal) {
  if (!ordinal)
    return nullptr;
  const auto known = std::ranges::find(coroutine.points, *ordinal, &traced_point::ordinal);
  return known == coroutine.points.end() ? nullptr : &*known;
}

/// As the report labels it where the coroutine is joined, else by its ordinal.
std::string point_label(const traced_coroutine &coroutine, std::uint32_t ordinal) {
  const traced_point *point = point_of(coroutine, ordinal);
  if (!point)
    return "S" + std::to_string(ordinal);
  return coroscope::point_label(point->kind, point->point ? point->point->value : point->rank);
}

std::string spaced(std::string word) {
  std::ranges::replace(word, '_', ' ');
  return word;
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

std::string counted(std::size_t number, const std::string &noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string readiness(std::uint64_t flags) {
  return flags == 3 ? "readable or writable" : flags == 2 ? "writable" : "readable";
}

/// "child#2": the coroutine's plain name and the number of the frame, from 1.
std::string frame_label(const traced_run &run, std::uint32_t frame) {
  const traced_coroutine *coroutine = coroutine_of(run, frame);
  return (coroutine ? plain_name(coroutine->name) : "frame") + "#" + std::to_string(frame + 1);
}

std::string target_label(const traced_run &run, const traced_event &event) {
  return event.target ? frame_label(run, *event.target) : "?";
}

/// What the event says beyond its kind, frame and point.
std::string details(const traced_run &run, const traced_event &event) {
  if (event.kind == "frame_created") {
    const traced_coroutine *coroutine = coroutine_of(run, event.frame);
    return (coroutine ? std::to_string(coroutine->frame_size) + " bytes, " : "") + (event.a ? "allocated" : "elided");
  }
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
  return event.kind == "awaits" ? target_label(run, event) : "";
}

std::string place(const traced_run &run, const traced_event &event) {
  const traced_coroutine *coroutine = coroutine_of(run, event.frame);
  if (!coroutine)
    return "";
  const traced_point *point = point_of(*coroutine, event.point);
  // The compiler places the final point at the function's name; its line says as much.
  if (point && point->where && point->kind != suspend_kind::final)
    return coroutine->file + ":" + std::to_string(point->where->line) + ":" + std::to_string(point->where->column);
  return coroutine->line ? coroutine->file + ":" + std::to_string(coroutine->line) : coroutine->file;
}

std::string what(const traced_run &run, const traced_event &event) {
  const traced_coroutine *coroutine = coroutine_of(run, event.frame);
  std::string text = spaced(event.kind);
  if (event.point)
    text += " at " + (coroutine ? point_label(*coroutine, *event.point) : std::to_string(*event.point));
  return text;
}

struct totals {
  std::uint64_t frames = 0;
  std::uint64_t elided = 0;
  std::uint64_t suspensions = 0;
  std::uint64_t alive = 0;
};

} // namespace

std::string trace_text(const traced_run &run) {
  const bool several_threads = run.threads.size() > 1;
  table lines({right, left, left, left, left, left});
  lines.add({"time", several_threads ? "thread" : "", "frame", "event", "", "at"});
  for (const traced_event &event : run.events)
    lines.add({duration(event.time), several_threads ? run.threads.at(event.thread) : "",
               event.frame ? frame_label(run, *event.frame) : "loop", what(run, event), details(run, event),
               place(run, event)});
  std::string text = lines.text("");
  for (const std::string &problem : run.problems)
    text += "problem: " + problem + "\n";
  return text;
}

std::string trace_summary(const traced_run &run) {
  std::vector<totals> by_coroutine(run.coroutines.size());
  for (const traced_event &event : run.events) {
    if (!event.frame || !run.frames.at(*event.frame).coroutine)
      continue;
    totals &sum = by_coroutine.at(*run.frames[*event.frame].coroutine);
    if (event.kind == "frame_created") {
      ++sum.frames;
      ++sum.alive;
      sum.elided += event.a == 0 ? 1u : 0u;
    } else if (event.kind == "suspended") {
      ++sum.suspensions;
    } else if (event.kind == "not_suspended") {
      --sum.suspensions;
    } else if (event.kind == "frame_freed") {
      --sum.alive;
    }
  }
  table lines({left, right, right, right, right, right, left});
  lines.add({"coroutine", "frames", "elided", "bytes each", "suspensions", "still alive", "at"});
  for (std::size_t i = 0; i < run.coroutines.size(); ++i)
    if (const totals &sum = by_coroutine[i]; sum.frames > 0) {
      const traced_coroutine &coroutine = run.coroutines[i];
      lines.add({plain_name(coroutine.name), std::to_string(sum.frames), std::to_string(sum.elided),
                 std::to_string(coroutine.frame_size), std::to_string(sum.suspensions), std::to_string(sum.alive),
                 coroutine.file + (coroutine.line ? ":" + std::to_string(coroutine.line) : "")});
    }
  std::string text = lines.text("  ");
  text += "  " + counted(run.events.size(), "event") + ", " + counted(run.frames.size(), "frame") + ", " +
          counted(run.threads.size(), "thread") + ", " + duration(run.events.empty() ? 0 : run.events.back().time) +
          "\n";
  if (run.lost_events > 0)
    text += "  " + std::to_string(run.lost_events) + " events were lost\n";
  return text;
}

} // namespace coroscope::render
