// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is new is read each time, and the pause between is as long as that took: an event costs the same however many
// there are, and half a processor stays for the program.
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

/// What is new in the file.
std::expected<traced_run *, std::string> next_reading(growing_run &growing, const std::string &file, bool &is_last) {
  for (bool said = false;; pause_for(milliseconds(50))) {
    is_last = !is_being_recorded(file) || interrupted != 0;
    auto run = growing.read_on(is_last);
    if (run || interrupted != 0 || (is_last && std::filesystem::exists(file)))
      return run;
    if (!said && !std::filesystem::exists(file))
      say("waiting for a program to record into " + file);
    said = true;
  }
}

int end_of(const traced_run &run, const std::string &note) {
  for (const std::string &sentence : render::missing_events(run))
    say(sentence);
  if (!note.empty())
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
  growing_run growing(file);
  std::string note; // on the values that were shown
  for (bool is_last = false, has_heading = false;;) {
    const auto begin = steady_clock::now();
    auto run = next_reading(growing, file, is_last);
    if (!run)
      return interrupted != 0 ? success : fail(run.error());
    if ((*run)->overwritten_events)
      return fail("'" + file + "' is a ring, which is overwritten while it is read: record without --ring to follow");
    auto selection = wanted(**run);
    if (!selection)
      return fail(selection.error());
    **run = select(std::move(**run), *selection);
    if (!(*run)->events.empty())
      if (const int code = print(render::followed_text(**run, !std::exchange(has_heading, true))))
        return code;
    if (note.empty())
      note = render::note_on_values(**run);
    if (is_last)
      return end_of(**run, note);
    const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
    pause_for(std::clamp(took, milliseconds(50), milliseconds(1000)));
  }
}

} // namespace coroscope::tool
