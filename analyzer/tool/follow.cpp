// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The file is read anew each time, and the pause between is ten times what that took: the cost stays below a tenth of a
// processor, and a long recording is shown in larger steps.
#include "tool/follow.h"

#include "recording.h"
#include "render/trace_text.h"
#include "render/trace_words.h"
#include "tool/console.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <poll.h>
#include <utility>

namespace coroscope::tool {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

volatile std::sig_atomic_t interrupted = 0;

void pause_for(milliseconds time) { poll(nullptr, 0, static_cast<int>(time.count())); }

/// Which events were not shown before. An event is known by its thread and its place among that thread's, as threads
/// write independently: those that the reading before had seen are shown, so that a slower thread can catch up.
class progress_of_threads {
public:
  std::vector<bool> next(const traced_run &run, bool is_last) {
    std::vector<std::size_t> count(run.threads.size(), 0);
    seen_.resize(run.threads.size(), 0);
    shown_.resize(run.threads.size(), 0);
    std::vector<bool> chosen;
    for (const traced_event &event : run.events) {
      const std::size_t place = count[event.thread]++;
      chosen.push_back(place >= shown_[event.thread] && (is_last || place < seen_[event.thread]));
    }
    shown_ = is_last ? count : seen_;
    seen_ = std::move(count);
    return chosen;
  }

private:
  std::vector<std::size_t> seen_;  ///< by thread
  std::vector<std::size_t> shown_; ///< by thread
};

/// The next reading of the file; nothing where there is no more to wait for.
std::expected<traced_run, std::string> next_reading(const std::string &file, bool &is_last) {
  for (bool said = false;; pause_for(milliseconds(50))) {
    is_last = !is_being_recorded(file) || interrupted != 0;
    auto run = read_run(file);
    if (run || interrupted != 0 || (is_last && std::filesystem::exists(file)))
      return run;
    if (!said && !std::filesystem::exists(file))
      say("waiting for a program to record into " + file);
    said = true;
  }
}

int end_of(const traced_run &run) {
  for (const std::string &sentence : render::missing_events(run))
    say(sentence);
  if (const std::string note = render::note_on_values(run); !note.empty())
    say(note);
  if (!run.complete && interrupted == 0)
    say("the recording ends before the program did");
  return run.problems.empty() ? success : environment_error;
}

} // namespace

int follow(const std::string &file, const selection_of &wanted) {
  struct sigaction action = {};
  action.sa_handler = [](int) { interrupted = 1; };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  progress_of_threads progress;
  for (bool is_last = false, has_heading = false;;) {
    const auto begin = steady_clock::now();
    auto run = next_reading(file, is_last);
    if (!run)
      return interrupted != 0 ? success : fail(run.error());
    if (run->overwritten_events)
      return fail("'" + file + "' is a ring, which is overwritten while it is read: record without --ring to follow");
    auto selection = wanted(*run);
    if (!selection)
      return fail(selection.error());
    selection->among = progress.next(*run, is_last);
    const traced_run chosen = select(*run, *selection);
    if (!chosen.events.empty())
      if (const int code = print(render::followed_text(chosen, !std::exchange(has_heading, true))))
        return code;
    if (is_last)
      return end_of(*run);
    const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
    pause_for(std::clamp(10 * took, milliseconds(50), milliseconds(5000)));
  }
}

} // namespace coroscope::tool
