// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "recording.h"
#include "render/html.h"
#include "render/json.h"
#include "render/trace_words.h"
#include "tool/commands.h"
#include "tool/console.h"
#include "tool/output_file.h"
#include "tool/recorded_program.h"

#include <algorithm>
#include <cstring>

namespace coroscope::tool {
namespace {

/// How the run ended, which the recording of a program that was killed cannot say itself.
void note_end(const program_end &end, traced_run &run) {
  if (end.signal != 0)
    run.signal = sigabbrev_np(end.signal) ? std::string("SIG") + sigabbrev_np(end.signal) : std::to_string(end.signal);
  else
    run.exit_code = end.exit_code;
}

bool nothing_fits(const traced_run &run) {
  return !run.coroutines.empty() && std::ranges::none_of(run.coroutines, [](const traced_coroutine &coroutine) {
    return coroutine.joined.has_value();
  });
}

/// The level of the program is among those analysed: a trace is shown beside the lowering that ran.
void add_level(const std::string &level, analysis_request &request) {
  for (const std::string &known : request.levels)
    if (known == level)
      return;
  request.levels.push_back(level);
}

} // namespace

int report_command(const std::vector<std::string> &words) {
  const std::vector<option> own = {{"--run", false}, {"--trace", true}, {"-o", true}, {"--json", true}};
  const auto options = parse_options(
      words, joined(joined(joined(joined(own, frame_options), program_options), compile_options), analysis_options));
  if (!options)
    return fail(options.error() + " (see coroscope report --help)");
  auto request = analysis_from(*options);
  if (!request)
    return fail(request.error() + " (see coroscope report --help)");
  const auto output = options->value("-o");
  if (!output)
    return fail("say where the page goes: coroscope report FILE -o OUT.html");
  if (options->has("--run") && options->has("--trace"))
    return fail("--run makes a recording and --trace names one: give one of the two");
  const auto json = options->value("--json");
  if (json == output)
    return fail("-o and --json both name '" + *output + "': give each a file of its own");
  for (const auto &file : {output, json})
    if (auto writable = file ? check_writable(*file) : std::expected<void, std::string>(); !writable)
      return fail(writable.error());
  request->with_sources = true;
  request->with_ir = true;
  request->with_assembly = true;
  if (options->has("--run"))
    add_level(program_level(*options), *request);
  auto report = analyze(*request);
  if (!report)
    return fail(report.error());
  int code = judge(*report, *request);

  if (options->has("--run") && code == success) {
    const auto frames = frames_from(*options, default_frames);
    if (!frames)
      return fail(frames.error() + " (see coroscope report --help)");
    const auto program = record_program(*options, *frames);
    if (!program)
      return fail_to_record(program.error());
    auto run = read_run(program->recording.path());
    if (!run)
      return fail(run.error());
    note_end(program->end, *run);
    run->level = program_level(*options);
    join_run(std::move(*run), *report);
    if (program->end.signal == 0 && program->end.exit_code != 0)
      say("the program ended with exit code " + std::to_string(program->end.exit_code));
  } else if (const auto trace = options->value("--trace")) {
    auto run = read_run(*trace);
    if (!run)
      return fail(run.error());
    join_run(std::move(*run), *report);
  }
  if (report->trace) {
    for (const std::string &sentence : render::missing_debug_info(*report->trace))
      say(sentence);
    for (const std::string &sentence : render::missing_events(*report->trace))
      say(sentence);
    for (const std::string &problem : report->trace->problems)
      say(problem);
    if (const auto trace = options->value("--trace"); trace && code == success && nothing_fits(*report->trace))
      return fail("'" + *trace + "' is refused, since nothing in it fits this source as it was compiled here; '" +
                  *output + "' was not written");
  }

  progress("writing " + *output);
  if (auto written = write_file(*output, render::html(*report)); !written)
    return fail(written.error());
  if (json)
    if (auto written = write_file(*json, render::json(*report, /*readable=*/true)); !written)
      return fail(written.error());
  say("wrote " + *output);
  return code;
}

} // namespace coroscope::tool
