// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/trace_text.h"

#include "render/table.h"
#include "render/trace_words.h"

namespace coroscope::render {
namespace {

using enum table::align;

std::string place_of(const traced_run &run, const traced_event &event) {
  const traced_coroutine *coroutine = coroutine_of(run, event.frame);
  return coroutine ? place(*coroutine, event.point) : "";
}

} // namespace

std::string trace_text(const traced_run &run) {
  const bool several_threads = run.threads.size() > 1;
  table lines({right, left, left, left, left, left});
  lines.add({"time", several_threads ? "thread" : "", "frame", "event", "", "at"});
  for (const traced_event &event : run.events)
    lines.add({duration(event.time), several_threads ? run.threads.at(event.thread) : "",
               event.frame ? frame_label(run, *event.frame) : "loop", what(run, event), details(run, event),
               place_of(run, event)});
  std::string text = lines.text("");
  for (const std::string &problem : run.problems)
    text += "problem: " + problem + "\n";
  return text;
}

} // namespace coroscope::render
