// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/chrome_trace.h"

#include "render/trace_words.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>

namespace coroscope::render {
namespace {

using nlohmann::ordered_json;

constexpr int process = 1;

double microseconds(std::uint64_t ns) { return static_cast<double>(ns) / 1e3; }

class chrome_writer {
public:
  chrome_writer(const traced_run &run, std::span<const frame_history> histories) : run_(run), histories_(histories) {}

  std::string write() {
    name_tracks();
    for (std::uint32_t frame = 0; frame < histories_.size(); ++frame)
      for (const stretch &one : histories_[frame].stretches)
        add_stretch(frame, one);
    for (const traced_event &event : run_.events)
      add_event(event);
    for (const traced_await &await : run_.awaits)
      add_await(await);
    close_polls();
    ordered_json other = {{"command", run_.command}, {"lost_events", run_.lost_events}};
    if (run_.overwritten_events)
      other["overwritten_events"] = *run_.overwritten_events;
    return "{\"traceEvents\":[\n" + lines_ + "\n],\n\"displayTimeUnit\":\"ns\",\n\"otherData\":" + text_of(other) +
           "}\n";
  }

private:
  static std::string text_of(const ordered_json &value) {
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  }

  void add(const ordered_json &event) { lines_ += (lines_.empty() ? "" : ",\n") + text_of(event); }

  /// Thread 0 is no thread in the format, so ours count from 1.
  static std::uint32_t track_of(std::uint32_t thread) { return thread + 1; }

  ordered_json event(const char *phase, const std::string &name, const char *category, std::uint64_t time,
                     std::uint32_t thread) const {
    return {{"ph", phase},    {"name", name},           {"cat", category}, {"ts", microseconds(time)},
            {"pid", process}, {"tid", track_of(thread)}};
  }

  void name_tracks() {
    const std::string program = run_.command.empty() ? "program" : run_.command.front();
    add({{"ph", "M"}, {"name", "process_name"}, {"pid", process}, {"args", {{"name", program}}}});
    for (std::uint32_t thread = 0; thread < run_.threads.size(); ++thread)
      add({{"ph", "M"},
           {"name", "thread_name"},
           {"pid", process},
           {"tid", track_of(thread)},
           {"args", {{"name", run_.threads[thread]}}}});
  }

  void add_stretch(std::uint32_t frame, const stretch &one) {
    const traced_coroutine *coroutine = coroutine_of(run_, frame);
    ordered_json arguments = {{"frame", frame_label(run_, frame)}};
    if (coroutine)
      arguments["at"] = place(*coroutine, one.point);
    const std::string point = coroutine && one.point ? point_label(*coroutine, *one.point) : "start";
    if (one.state == stretch_state::suspended) {
      ordered_json begin = event("b", frame_label(run_, frame) + " at " + point, "suspended", one.begin, one.thread);
      begin["id"] = frame + 1;
      begin["args"] = arguments;
      add(begin);
      ordered_json end = event("e", frame_label(run_, frame) + " at " + point, "suspended", one.end, one.thread);
      end["id"] = frame + 1;
      add(end);
      return;
    }
    const bool is_running = one.state == stretch_state::running;
    ordered_json slice = event("X", frame_label(run_, frame) + (is_running ? "" : " destroyed"),
                               is_running ? "running" : "destroying", one.begin, one.thread);
    slice["dur"] = microseconds(one.end - one.begin);
    arguments["from"] = point;
    slice["args"] = std::move(arguments);
    add(slice);
  }

  void add_event(const traced_event &happened) {
    if (happened.kind == "poll_begin") {
      polls_.resize(run_.threads.size());
      polls_[happened.thread] = happened.time;
    } else if (happened.kind == "poll_end") {
      end_poll(happened.thread, happened.time, details(run_, happened));
    } else if (happened.kind == "posted" || happened.kind == "delivered") {
      add_work(happened);
    } else if (happened.kind == "fd_ready" || happened.kind == "timer_fired") {
      const std::string more = details(run_, happened);
      ordered_json mark =
          event("i", more.empty() ? what(run_, happened) : more, "loop", happened.time, happened.thread);
      mark["s"] = "t";
      add(mark);
      if (happened.frame)
        add_flow("wakes", happened.time, happened.thread, *happened.frame);
    } else if (happened.kind == "transferred" && happened.by) {
      if (const std::optional<stretch> last = last_run(*happened.by, happened.time))
        add_flow("transfers", last->end, last->thread, *happened.frame);
    }
  }

  /// Slices without length, for the arrow from one to the other to begin and to end at.
  void add_work(const traced_event &happened) {
    const std::string more = details(run_, happened);
    ordered_json slice =
        event("X", happened.kind + (more.empty() ? "" : ", " + more), "loop", happened.time, happened.thread);
    slice["dur"] = 0;
    add(slice);
    const auto work = posted_.find(happened.a);
    if (happened.kind == "posted") {
      posted_[happened.a] = {happened.time, happened.thread};
    } else if (work != posted_.end()) {
      add_arrow("posts", work->second, {happened.time, happened.thread});
      posted_.erase(work);
    }
  }

  /// To what the awaited frame does next, and back from where it ended to where the waiting one goes on.
  void add_await(const traced_await &await) {
    const traced_event &begin = run_.events.at(await.begin);
    add_flow("awaits", begin.time, begin.thread, await.awaited);
    if (!await.end)
      return;
    const traced_event &end = run_.events.at(*await.end);
    if (const std::optional<stretch> last = last_run(await.awaited, end.time); last && last->end >= begin.time)
      add_flow("gives", last->end, last->thread, await.waiter);
  }

  void end_poll(std::uint32_t thread, std::uint64_t time, const std::string &result) {
    if (thread >= polls_.size() || !polls_[thread])
      return;
    ordered_json slice = event("X", "poll", "loop", *polls_[thread], thread);
    slice["dur"] = microseconds(time - *polls_[thread]);
    slice["args"] = {{"result", result}};
    add(slice);
    polls_[thread].reset();
  }

  void close_polls() {
    const std::uint64_t end = run_.events.empty() ? 0 : run_.events.back().time;
    for (std::uint32_t thread = 0; thread < polls_.size(); ++thread)
      end_poll(thread, end, "the recording ends here");
  }

  /// An arrow to what `frame` runs next after `time`; nothing, where it does not.
  void add_flow(const char *name, std::uint64_t time, std::uint32_t thread, std::uint32_t frame) {
    const std::vector<stretch> &stretches = histories_[frame].stretches;
    const auto next =
        std::ranges::find_if(std::ranges::lower_bound(stretches, time, {}, &stretch::begin), stretches.end(),
                             [](const stretch &one) { return one.state == stretch_state::running; });
    if (next == stretches.end())
      return;
    add_arrow(name, {time, thread}, {next->begin, next->thread});
  }

  struct moment {
    std::uint64_t time = 0;
    std::uint32_t thread = 0;
  };

  void add_arrow(const char *name, const moment &from, const moment &to) {
    ordered_json begin = event("s", name, "flow", from.time, from.thread);
    begin["id"] = ++flows_;
    add(begin);
    ordered_json end = event("f", name, "flow", to.time, to.thread);
    end["id"] = flows_;
    end["bp"] = "e";
    add(end);
  }

  /// The last that had ended by then.
  [[nodiscard]] std::optional<stretch> last_run(std::uint32_t frame, std::uint64_t by_then) const {
    const std::vector<stretch> &stretches = histories_[frame].stretches;
    for (auto at = stretches.rbegin(); at != stretches.rend(); ++at)
      if (at->state == stretch_state::running && at->end <= by_then)
        return *at;
    return std::nullopt;
  }

  const traced_run &run_;
  std::span<const frame_history> histories_;
  std::string lines_;
  std::vector<std::optional<std::uint64_t>> polls_; ///< by thread: when the poll began
  std::map<std::uint64_t, moment> posted_;          ///< by address: work that no loop took up yet
  std::uint32_t flows_ = 0;
};

} // namespace

std::string chrome_trace(const traced_run &run, std::span<const frame_history> histories) {
  return chrome_writer(run, histories).write();
}

} // namespace coroscope::render
