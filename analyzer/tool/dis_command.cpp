// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/index_text.h"
#include "render/json.h"
#include "render/levels_text.h"
#include "render/text.h"
#include "render/why_text.h"
#include "tool/commands.h"
#include "tool/console.h"
#include "tool/nearest.h"

namespace coroscope::tool {
namespace {

/// The levels of --compare; none where it is not given.
std::expected<std::vector<std::string>, std::string> compared_levels(const parsed_options &options) {
  const auto list = options.value("--compare");
  if (!list)
    return {};
  if (options.has("--levels"))
    return std::unexpected("--compare names the levels itself: leave --levels out");
  if (options.value("--format").value_or("text") != "text")
    return std::unexpected("--compare is a text: the JSON report has the levels side by side as it is");
  auto levels = levels_in("--compare", *list);
  if (levels && levels->size() < 2)
    return std::unexpected("--compare: two levels or more can be compared, as in --compare=O0,O2");
  return levels;
}

int answer(const report &report, const std::string &question) {
  const std::string text = render::why_text(report, question);
  if (!text.empty())
    return print(text);
  const bool is_line = question.find_first_not_of("0123456789") == std::string::npos;
  std::string names;
  for (const std::string &name : nearest(question, render::names_to_ask_for(report), 3))
    names += (names.empty() ? "'" : ", '") + name + "'";
  return fail(is_line ? "--why: no coroutine declares or makes anything on line " + question
                      : "--why: no coroutine has a variable '" + question + "'" +
                            (names.empty() ? "" : "; the nearest names are " + names));
}

} // namespace

int dis_command(const std::vector<std::string> &words) {
  const std::vector<option> own = {{"--compare", true},  {"--format", true}, {"--why", true},  {"--members", false},
                                   {"--lowered", false}, {"--ir", false},    {"--asm", false}, {"--all", false}};
  const auto options = parse_options(words, joined(joined(own, compile_options), analysis_options));
  if (!options)
    return fail(options.error() + " (see coroscope dis --help)");
  auto request = analysis_from(*options);
  if (!request)
    return fail(request.error() + " (see coroscope dis --help)");
  const auto compared = compared_levels(*options);
  if (!compared)
    return fail(compared.error() + " (see coroscope dis --help)");
  if (!compared->empty())
    request->levels = *compared;
  const std::string format = options->value("--format").value_or("text");
  if (format != "text" && format != "json")
    return fail("--format: '" + format + "' is no format; text and json are");
  request->with_ir = options->has("--ir");
  request->with_assembly = options->has("--asm");
  const std::optional<std::string> why = options->value("--why");
  if (why && format != "text")
    return fail("--why answers in sentences: leave --format=json away, or read the reasons in the report it gives");
  if (why && !compared->empty())
    return fail("--why answers alone: leave --compare away; --levels says which levels it answers for");
  const auto report = analyze(*request);
  if (!report)
    return fail(report.error());
  const int code = judge(*report, *request);
  if (why && code == success)
    return answer(*report, *why);
  const render::text_options wanted{.members = options->has("--members"),
                                    .lowered = options->has("--lowered"),
                                    .ir = request->with_ir,
                                    .assembly = request->with_assembly};
  const bool is_whole_data_base = request->files.empty();
  const bool as_index = is_whole_data_base && request->function_regex.empty() && !options->has("--all");
  const std::string output = format == "json"     ? render::json(*report, /*readable=*/true)
                             : !compared->empty() ? render::levels_text(*report, *compared)
                             : as_index           ? render::index_text(*report)
                                                  : render::text(*report, wanted);
  return print(output) == success ? code : environment_error;
}

} // namespace coroscope::tool
