// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/trace_text.h"

#include "model/plain_name.h"
#include "render/table.h"
#include "render/trace_words.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace coroscope::render {
namespace {

using enum table::align;

std::string place_of(const traced_run &run, const traced_event &event) {
  const traced_coroutine *coroutine = coroutine_of(run, event.frame);
  return coroutine ? place(*coroutine, event.point) : "";
}

constexpr std::size_t longest_past = 40; ///< characters of a value that are worth repeating when it changed

/// "n = 3", "total = 6 (was 3)"; of a variable whose life is over, that it is.
class value_teller {
public:
  explicit value_teller(const traced_run &run) : run_(run) {}

  std::vector<std::string> operator()(const frame_contents &contents) {
    const std::uint32_t frame = *run_.events.at(contents.event).frame;
    std::vector<std::string> lines;
    std::string gone;
    std::size_t how_many = 0;
    for (const traced_value &value : contents.values) {
      const std::string &name = coroutine_of(run_, frame)->variables.at(value.variable).name;
      std::optional<std::string> &before = known_[{frame, value.variable}];
      if (value.text)
        lines.push_back(name + " = " + *value.text +
                        (before && before->size() <= longest_past ? " (was " + *before + ")" : ""));
      else
        gone += (how_many++ == 0 ? "" : ", ") + name;
      before = value.text;
    }
    if (how_many != 0)
      lines.push_back(gone + (how_many == 1 ? " has" : " have") + " no value any more");
    return lines;
  }

private:
  const traced_run &run_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::optional<std::string>> known_; ///< by frame and variable
};

/// `lines` has a heading and a line an event; the values go below the line of theirs.
std::string with_values(const traced_run &run, std::string lines) {
  if (run.contents.empty())
    return lines;
  value_teller values(run);
  std::string text;
  std::istringstream rest(std::move(lines));
  std::string line;
  std::getline(rest, line);
  text += line + "\n";
  auto contents = run.contents.begin();
  for (std::uint32_t event = 0; std::getline(rest, line); ++event) {
    text += line + "\n";
    for (; contents != run.contents.end() && contents->event == event; ++contents)
      for (const std::string &value : values(*contents))
        text += "            " + value + "\n";
  }
  return text;
}

std::string event_lines(const traced_run &run, const std::vector<std::string> &heading, bool with_threads) {
  table lines({right, left, left, left, left, left});
  lines.add(heading);
  auto await = run.awaits.begin();
  for (std::uint32_t i = 0; i < run.events.size(); ++i) {
    const traced_event &event = run.events[i];
    std::string more = details(run, event);
    for (; await != run.awaits.end() && await->begin == i; ++await)
      if (event.kind != "awaits")
        more += (more.empty() ? "" : ", ") + await_words(run, *await);
    const std::string who = event.frame ? frame_label(run, *event.frame) : event.kind == "posted" ? "" : "loop";
    lines.add({duration(event.time), with_threads ? run.threads.at(event.thread) : "", who, what(run, event), more,
               place_of(run, event)});
  }
  return lines.text("");
}

/// "O2"; empty where not known.
std::string level_of(const traced_run &run, const traced_coroutine &coroutine) {
  const std::size_t flag = coroutine.build.rfind(" -O");
  return flag == std::string::npos ? run.level.value_or("") : coroutine.build.substr(flag + 2);
}

std::string listed(const std::vector<std::string> &names) {
  constexpr std::size_t most = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > most ? text + " and " + std::to_string(names.size() - most) + " more" : text;
}

} // namespace

std::string note_on_values(const traced_run &run) {
  std::vector<bool> has_values(run.coroutines.size(), false);
  for (const frame_contents &contents : run.contents)
    if (const auto index = run.frames.at(*run.events.at(contents.event).frame).coroutine)
      has_values.at(*index) = has_values.at(*index) || !contents.values.empty();
  std::map<std::string, std::vector<std::string>> names; // of coroutines, by level
  for (std::size_t i = 0; i < has_values.size(); ++i)
    if (has_values[i])
      names[level_of(run, run.coroutines[i])].push_back(plain_name(run.coroutines[i].name));
  const bool is_one_level = names.size() == 1;
  std::string note;
  for (const auto &[level, of] : names)
    if (!level.empty() && level != "O0")
      note += (note.empty() ? "" : "\n") + ("Values" + (is_one_level ? "" : " of " + listed(of))) +
              " are what the optimiser keeps of them at -" + level + ": at -O0 they are those of the source.";
  return note;
}

std::string trace_text(const traced_run &run) {
  const bool several_threads = run.threads.size() > 1;
  std::string text = with_values(
      run, event_lines(run, {"time", several_threads ? "thread" : "", "frame", "event", "", "at"}, several_threads));
  if (const std::string note = note_on_values(run); !note.empty())
    text += note + "\n";
  for (const std::string &problem : run.problems)
    text += "problem: " + problem + "\n";
  return text;
}

std::string followed_text(const traced_run &run, bool with_heading) {
  // The heading holds the columns apart: their widest cells are not known yet.
  const auto wide = [](std::string word, std::size_t width) { return word.append(width - word.size(), ' '); };
  const std::string lines = with_values(
      run,
      event_lines(run, {"        time", wide("thread", 16), wide("frame", 20), wide("event", 20), wide("", 20), "at"},
                  /*with_threads=*/true));
  return with_heading ? lines : lines.substr(lines.find('\n') + 1);
}

} // namespace coroscope::render
