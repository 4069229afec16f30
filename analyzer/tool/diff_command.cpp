// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compare/difference.h"
#include "compare/levels.h"
#include "render/diff_text.h"
#include "tool/commands.h"
#include "tool/console.h"
#include "tool/report_input.h"

#include <algorithm>
#include <regex>

namespace coroscope::tool {
namespace {

struct two_reports {
  report before, after;
  int code = success; ///< of the sources among them
};

/// Reads what is a report and then analyses what is a source.
std::expected<two_reports, std::string> load(const parsed_options &options, analysis_request request) {
  two_reports both;
  report *const reports[] = {&both.before, &both.after};
  request.function_regex.clear();
  for (const bool sources : {false, true}) {
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string &file = options.operands[i];
      if (is_report_file(file) == sources)
        continue;
      request.files = {file};
      auto loaded = sources ? analyze(request) : read_report(file, request);
      if (!loaded)
        return std::unexpected(loaded.error());
      *reports[i] = std::move(*loaded);
      if (sources)
        both.code = std::max(both.code, judge_units(*reports[i]));
      else if (!options.has("--levels") && !reports[i]->coroutines.empty())
        request.levels = compare::levels_of(*reports[i]);
    }
  }
  return both;
}

} // namespace

int diff_command(const std::vector<std::string> &words) {
  const auto options = parse_options(
      words, joined(joined({{"--format", true}, {"--exit-code", false}}, compile_options), analysis_options));
  const std::string see = " (see coroscope diff --help)";
  if (!options)
    return fail(options.error() + see);
  if (options->operands.size() != 2)
    return fail("name two files, the old and the new one, as in: coroscope diff OLD.json NEW.cpp" + see);
  const std::string format = options->value("--format").value_or("text");
  if (format != "text" && format != "markdown" && format != "json")
    return fail("--format: '" + format + "' is no format; text, markdown and json are" + see);
  auto request = analysis_from(*options);
  if (!request)
    return fail(request.error() + see);
  std::regex wanted;
  try {
    wanted = std::regex(request->function_regex, std::regex::ECMAScript | std::regex::icase);
  } catch (const std::regex_error &error) {
    return fail("--function: '" + request->function_regex + "' is no regular expression: " + error.what());
  }
  const auto reports = load(*options, *request);
  if (!reports)
    return fail(reports.error());
  if (reports->code != success)
    return reports->code;
  const compare::difference difference =
      compare::diff(reports->before, reports->after, [&](const coroutine &coroutine) {
        return std::regex_search(coroutine.name, wanted) || std::regex_search(coroutine.mangled, wanted);
      });
  const auto text = format == "text" ? render::diff_text : format == "json" ? render::diff_json : render::diff_markdown;
  if (const int code = print(text(difference, reports->before, reports->after)))
    return code;
  return options->has("--exit-code") && difference.is_any() ? differs : success;
}

} // namespace coroscope::tool
