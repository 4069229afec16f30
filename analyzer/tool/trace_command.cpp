// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "recording.h"
#include "render/trace_text.h"
#include "tool/commands.h"
#include "tool/console.h"

#include <filesystem>

namespace coroscope::tool {

int trace_command(const std::vector<std::string> &words) {
  const auto options = parse_options(words, {{"--summary", false}});
  if (!options)
    return fail(options.error() + " (see coroscope trace --help)");
  if (options->operands.size() != 1)
    return fail("name one recording, as in: coroscope trace FILE.corotrace");
  const std::string &file = options->operands.front();
  if (!std::filesystem::exists(file))
    return fail("no file '" + file + "': make one with coroscope run --trace=" + file + " SOURCE");
  const auto run = read_run(file);
  if (!run)
    return fail(run.error());
  if (const int code = print(options->has("--summary") ? render::trace_summary(*run) : render::trace_text(*run)))
    return code;
  if (!run->complete)
    say("the recording ends before the program did");
  return success;
}

} // namespace coroscope::tool
