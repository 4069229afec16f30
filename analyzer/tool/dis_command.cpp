// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/json.h"
#include "render/text.h"
#include "tool/commands.h"
#include "tool/console.h"

#include <cstdio>

namespace coroscope::tool {

int dis_command(const std::vector<std::string> &words) {
  const auto options =
      parse_options(words, joined(joined({{"--format", true}, {"--ir", false}}, compile_options), analysis_options));
  if (!options)
    return fail(options.error() + " (see coroscope dis --help)");
  auto request = analysis_from(*options);
  if (!request)
    return fail(request.error() + " (see coroscope dis --help)");
  const std::string format = options->value("--format").value_or("text");
  if (format != "text" && format != "json")
    return fail("--format: '" + format + "' is no format; text and json are");
  request->with_ir = options->has("--ir");
  if (request->with_ir && format != "json")
    return fail("--ir needs --format=json: IR has no place in the columns of the text");
  const auto report = analyze(*request);
  if (!report)
    return fail(report.error());
  const int code = judge(*report, *request);
  const std::string output = format == "json" ? render::json(*report, /*readable=*/true) : render::text(*report);
  if (std::fwrite(output.data(), 1, output.size(), stdout) != output.size() || std::fflush(stdout) != 0)
    return fail("cannot write to stdout");
  return code;
}

} // namespace coroscope::tool
