// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "account/history.h"
#include "account/selection.h"
#include "account/summary.h"
#include "recording.h"
#include "render/chrome_trace.h"
#include "render/json.h"
#include "render/trace_summary.h"
#include "render/trace_text.h"
#include "render/trace_words.h"
#include "tool/commands.h"
#include "tool/console.h"
#include "tool/follow.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <sstream>

namespace coroscope::tool {
namespace {

/// "250us", "1.5ms", "2s", "800" (ns) -> ns.
std::optional<std::uint64_t> nanoseconds_in(const std::string &text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string unit(end, text.data() + text.size());
  const std::pair<const char *, double> units[] = {{"", 1},     {"ns", 1},   {"us", 1e3},
                                                   {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}};
  const auto known = std::ranges::find(units, unit, [](const auto &one) { return std::string(one.first); });
  if (error != std::errc() || known == std::end(units) || !(value >= 0) || value * known->second >= 1.8e19)
    return std::nullopt;
  return static_cast<std::uint64_t>(value * known->second);
}

std::expected<std::vector<std::string>, std::string> kinds_in(const std::string &list, const traced_run &run) {
  std::vector<std::string> kinds;
  std::istringstream words(list);
  for (std::string kind; std::getline(words, kind, ',');) {
    std::ranges::replace(kind, ' ', '_');
    if (std::ranges::find(trace_kinds(), kind) == trace_kinds().end() &&
        std::ranges::find(run.events, kind, &traced_event::kind) == run.events.end()) {
      std::string known;
      for (const std::string &name : trace_kinds())
        known += (known.empty() ? "" : ",") + name;
      return std::unexpected("--kind: '" + kind + "' is no kind of event; name some of " + known);
    }
    if (kind == "resumed")
      kinds.emplace_back("transferred");
    kinds.push_back(kind);
  }
  return kinds;
}

std::expected<event_selection, std::string> selection_from(const parsed_options &options, const traced_run &run) {
  event_selection wanted;
  if (const auto regex = options.value("--function"))
    try {
      wanted.coroutine = std::regex(*regex, std::regex::ECMAScript | std::regex::icase);
    } catch (const std::regex_error &error) {
      return std::unexpected("--function: '" + *regex + "' is no regular expression: " + error.what());
    }
  if (const auto list = options.value("--kind")) {
    auto kinds = kinds_in(*list, run);
    if (!kinds)
      return std::unexpected(kinds.error());
    wanted.kinds = std::move(*kinds);
  }
  for (const auto &[name, bound] : {std::pair{"--from", &wanted.from}, std::pair{"--to", &wanted.to}})
    if (const auto text = options.value(name)) {
      const auto time = nanoseconds_in(*text);
      if (!time)
        return std::unexpected(std::string(name) + ": '" + *text +
                               "' is no time; write it as 800ns, 250us, 1.5ms or 2s");
      *bound = *time;
    }
  return wanted;
}

/// What a frame did, and for how long, follows from all events of the run, those that are not asked for too.
std::string text_of(traced_run run, const event_selection &wanted, bool in_sum, const std::string &format) {
  if (in_sum) {
    std::vector<coroutine_summary> sums = summarise(run);
    select(sums, run, wanted);
    return render::coroutine_summary_text(run, sums) + "\n" + render::point_summary_text(run, sums);
  }
  if (format == "chrome") {
    std::vector<frame_history> all = histories(run);
    select(all, run, wanted);
    return render::chrome_trace(select(std::move(run), wanted), all);
  }
  run = select(std::move(run), wanted);
  if (format == "json")
    return render::json({.tool = "coroscope " COROSCOPE_VERSION, .trace = std::move(run)}, /*readable=*/true);
  return render::trace_text(run);
}

} // namespace

int trace_command(const std::vector<std::string> &words) {
  const auto options = parse_options(words, {{"--summary", false},
                                             {"--follow", false},
                                             {"--format", true},
                                             {"--function", true},
                                             {"--kind", true},
                                             {"--from", true},
                                             {"--to", true}});
  if (!options)
    return fail(options.error() + " (see coroscope trace --help)");
  if (options->operands.size() != 1)
    return fail("name one recording, as in: coroscope trace FILE.corotrace");
  const std::string format = options->value("--format").value_or("text");
  if (format != "text" && format != "json" && format != "chrome")
    return fail("--format: '" + format + "' is no format; text, json and chrome are");
  if (options->has("--summary") && format != "text")
    return fail("--summary is text; leave out --format=" + format);
  if (options->has("--summary") && (options->has("--kind") || options->has("--from") || options->has("--to")))
    return fail("--summary sums up all events of a coroutine; leave out --kind, --from and --to");
  const std::string &file = options->operands.front();
  if (options->has("--follow")) {
    if (options->has("--summary") || format != "text")
      return fail("--follow is a text of events; leave out --summary and --format");
    return follow(file, [&](const traced_run &run) { return selection_from(*options, run); });
  }
  if (!std::filesystem::exists(file))
    return fail("no file '" + file + "': make one with coroscope run --trace=" + file + " SOURCE");
  auto run = read_run(file);
  if (!run)
    return fail(run.error());
  const auto wanted = selection_from(*options, *run);
  if (!wanted)
    return fail(wanted.error() + " (see coroscope trace --help)");
  const std::vector<std::string> problems = run->problems;
  const bool complete = run->complete;
  std::vector<std::string> missing = render::missing_debug_info(*run);
  std::ranges::copy(render::missing_events(*run), std::back_inserter(missing));
  if (const int code = print(text_of(std::move(*run), *wanted, options->has("--summary"), format)))
    return code;
  for (const std::string &sentence : missing)
    say(sentence);
  if (!complete)
    say("the recording ends before the program did");
  for (const std::string &problem : problems)
    say(file + ": " + problem);
  return problems.empty() ? success : environment_error;
}

} // namespace coroscope::tool
