// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Frames run on top of each other: a coroutine that starts or resumes another one waits below it on its thread's
// stack. `stacks_` follows that, so that time is charged once.
#include "account/history.h"

#include <algorithm>

namespace coroscope {
namespace {

class history_reader {
public:
  explicit history_reader(const traced_run &run)
      : run_(run), histories_(run.frames.size()), stacks_(run.threads.size()) {}

  std::vector<frame_history> read() {
    for (const traced_event &event : run_.events)
      if (event.frame)
        take(event, histories_.at(*event.frame));
    const std::uint64_t end = run_.events.empty() ? 0 : run_.events.back().time;
    for (thread_stack &stack : stacks_)
      charge(stack, end);
    for (frame_history &history : histories_)
      close(history, end);
    return std::move(histories_);
  }

private:
  struct thread_stack {
    std::vector<std::uint32_t> frames; ///< that run, the topmost last
    std::uint64_t charged = 0;         ///< time up to which the topmost has been charged
  };

  void take(const traced_event &event, frame_history &history) {
    if (event.kind == "frame_created") {
      history.is_created = true;
      history.is_elided = event.a == 0;
      begin(event, history, stretch_state::running);
    } else if (event.kind == "suspended" || event.kind == "unwound") {
      leave(event);
      begin(event, history, stretch_state::suspended);
    } else if (event.kind == "not_suspended") {
      take_back(event, history);
    } else if (event.kind == "resumed" || event.kind == "transferred") {
      begin(event, history, stretch_state::running);
    } else if (event.kind == "destroyed") {
      begin(event, history, stretch_state::destroying);
      history.is_gone = history.is_gone || history.is_elided;
    } else if (event.kind == "frame_freed") {
      leave(event);
      finish(history, event.time);
      history.is_gone = true;
    }
  }

  void begin(const traced_event &event, frame_history &history, stretch_state state) {
    finish(history, event.time);
    history.stretches.push_back({.state = state,
                                 .begin = event.time,
                                 .end = event.time,
                                 .is_open = true,
                                 .point = event.point,
                                 .thread = event.thread});
    if (state == stretch_state::suspended)
      return;
    thread_stack &stack = stacks_.at(event.thread);
    charge(stack, event.time);
    stack.frames.push_back(*event.frame);
  }

  /// The coroutine runs on as if it had not been about to suspend.
  void take_back(const traced_event &event, frame_history &history) {
    std::vector<stretch> &stretches = history.stretches;
    if (stretches.size() >= 2 && stretches.back().state == stretch_state::suspended && stretches.back().is_open) {
      stretches.pop_back();
      stretches.back().is_open = true;
      thread_stack &stack = stacks_.at(event.thread);
      charge(stack, event.time);
      stack.frames.push_back(*event.frame);
    } else {
      begin(event, history, stretch_state::running);
    }
  }

  /// The frame runs no more on the event's thread, nor does what ran on top of it.
  void leave(const traced_event &event) {
    thread_stack &stack = stacks_.at(event.thread);
    charge(stack, event.time);
    if (const auto at = std::ranges::find(stack.frames, *event.frame); at != stack.frames.end())
      stack.frames.erase(at, stack.frames.end());
  }

  void charge(thread_stack &stack, std::uint64_t now) {
    if (!stack.frames.empty())
      if (std::vector<stretch> &stretches = histories_[stack.frames.back()].stretches; !stretches.empty())
        stretches.back().own += now - std::min(now, stack.charged);
    stack.charged = now;
  }

  static void finish(frame_history &history, std::uint64_t time) {
    if (history.stretches.empty())
      return;
    history.stretches.back().end = time;
    history.stretches.back().is_open = false;
  }

  /// An elided frame is given back by nobody: being destroyed was its end.
  static void close(frame_history &history, std::uint64_t end) {
    if (history.stretches.empty() || !history.stretches.back().is_open)
      return;
    stretch &last = history.stretches.back();
    const bool has_ended = history.is_gone && last.state == stretch_state::destroying;
    last.end = has_ended ? last.begin : end;
    last.is_open = !has_ended;
  }

  const traced_run &run_;
  std::vector<frame_history> histories_;
  std::vector<thread_stack> stacks_;
};

} // namespace

std::vector<frame_history> histories(const traced_run &run) { return history_reader(run).read(); }

} // namespace coroscope
