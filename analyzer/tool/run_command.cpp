// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "account/summary.h"
#include "recording.h"
#include "render/trace_summary.h"
#include "tool/commands.h"
#include "tool/console.h"
#include "tool/output_file.h"
#include "tool/recorded_program.h"

#include <cstdio>
#include <filesystem>

namespace coroscope::tool {

int run_command(const std::vector<std::string> &words) {
  const auto options = parse_options(
      words, joined(joined(joined({{"--trace", true}}, frame_options), program_options), compile_options));
  if (!options)
    return fail(options.error() + " (see coroscope run --help)");
  const auto trace = options->value("--trace");
  if (auto writable = trace ? check_writable(*trace) : std::expected<void, std::string>(); !writable)
    return fail(writable.error());
  const auto frames = frames_from(*options);
  if (!frames)
    return fail(frames.error() + " (see coroscope run --help)");
  const auto result = record_program(*options, *frames);
  if (!result)
    return fail_to_record(result.error());
  if (!holds_events(result->recording.path())) {
    say("the program recorded nothing: it has no coroutine, or ended before it could");
    return result->end.exit_code;
  }
  const auto run = read_run(result->recording.path());
  if (!run) {
    say("the program recorded nothing that can be read: " + run.error());
  } else {
    std::fputs(render::coroutine_summary_text(*run, summarise(*run)).c_str(), stderr);
    for (const std::string &problem : run->problems)
      say(problem);
  }
  if (trace) {
    if (auto kept = result->recording.keep(*trace); !kept)
      return fail(kept.error());
    say("recorded in " + *trace + "; show it with: coroscope trace " + *trace);
  }
  return result->end.exit_code;
}

} // namespace coroscope::tool
