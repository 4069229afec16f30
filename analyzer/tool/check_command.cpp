// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "merge.h"
#include "render/baseline.h"
#include "render/check_text.h"
#include "tool/commands.h"
#include "tool/console.h"
#include "tool/output_file.h"
#include "tool/report_input.h"
#include "tool/sizes.h"

#include <algorithm>
#include <regex>

namespace coroscope::tool {
namespace {

const std::vector<option> check_options = {
    {"--max-frame", true},  {"--level", true},           {"--require-elided", true}, {"--baseline", true},
    {"--max-growth", true}, {"--hazards", false},        {"--format", true},         {"--write-baseline", true},
    {"--function", true},   {"--system-headers", false}, {"--no-hazard", true},      {"-j", true},
    {"--timeout", true}};

/// The limits that the options set but the baseline. Error: a sentence that names the option and its value.
std::expected<compare::limits, std::string> limits_from(const parsed_options &options) {
  compare::limits limits{.hazards = options.has("--hazards")};
  const auto levels = levels_in("--level", options.value("--level").value_or("O2"));
  if (!levels)
    return std::unexpected(levels.error());
  if (levels->size() != 1)
    return std::unexpected("--level: one level is checked at a time");
  limits.level = levels->front();
  if (const auto text = options.value("--max-frame")) {
    limits.max_frame = bytes_in(*text);
    if (!limits.max_frame)
      return std::unexpected("--max-frame: '" + *text + "' is no size; write it as 4096, 4K or 4KiB");
  }
  if (const auto text = options.value("--max-growth")) {
    const auto percent = percent_in(*text);
    if (!percent)
      return std::unexpected("--max-growth: '" + *text + "' is no percentage; write it as 10 or 12.5");
    if (!options.has("--baseline"))
      return std::unexpected("--max-growth needs --baseline=FILE to measure the growth by");
    limits.max_growth = *percent;
  }
  if (const auto text = options.value("--require-elided")) {
    try {
      limits.must_be_elided = [regex = std::regex(*text, std::regex::ECMAScript | std::regex::icase)](
                                  const std::string &name) { return std::regex_search(name, regex); };
    } catch (const std::regex_error &error) {
      return std::unexpected("--require-elided: '" + *text + "' is no regular expression: " + error.what());
    }
  }
  if (!limits.max_frame && !limits.must_be_elided && !limits.hazards && !options.has("--baseline") &&
      !options.has("--write-baseline"))
    return std::unexpected("nothing is checked: give --max-frame, --require-elided, --baseline or --hazards");
  return limits;
}

std::expected<report, std::string> load_baseline(const std::string &file) {
  const auto text = read_text(file);
  if (!text)
    return std::unexpected(text.error() + "; make one with --write-baseline=" + file);
  auto baseline = render::read_baseline(*text);
  return baseline ? std::move(baseline)
                  : std::unexpected("'" + file + "' is no baseline that can be read: " + baseline.error());
}

bool has_level(const report &report, const std::string &level) {
  return std::ranges::any_of(report.coroutines, [&](const coroutine &coroutine) {
    return std::ranges::find(coroutine.lowerings, level, &level_lowering::level) != coroutine.lowerings.end();
  });
}

/// What is not checked would keep the coroutines of two reports apart.
void keep_level(report &report, const std::string &level) {
  for (coroutine &coroutine : report.coroutines)
    std::erase_if(coroutine.lowerings, [&](const level_lowering &one) { return one.level != level; });
  std::erase_if(report.elisions, [&](const elision &one) { return one.level != level; });
}

/// The reports that are named and that of all the sources that are, as one: a coroutine of a header is checked once.
std::expected<report, std::string> load(const analysis_request &asked) {
  analysis_request request = asked;
  const std::string &level = request.levels.front();
  merger all;
  std::string tool;
  request.files.clear();
  for (const std::string &file : asked.files) {
    if (!is_report_file(file)) {
      request.files.push_back(file);
      continue;
    }
    auto report = read_report(file, request);
    if (!report)
      return std::unexpected(report.error());
    if (!report->coroutines.empty() && !has_level(*report, level))
      return std::unexpected("'" + file + "' has nothing of -" + level + ": make it with --levels=" + level +
                             " or choose another --level");
    keep_level(*report, level);
    tool = report->tool;
    all.add(std::move(*report));
  }
  if (!request.files.empty() || asked.files.empty()) {
    auto analysed = analyze(request);
    if (!analysed)
      return std::unexpected(analysed.error());
    tool = analysed->tool;
    all.add(std::move(*analysed));
  }
  report whole = all.take();
  whole.tool = std::move(tool);
  return whole;
}

int check_report(const parsed_options &options, const analysis_request &request, const compare::limits &limits) {
  auto report = load(request);
  if (!report)
    return fail(report.error());
  const int code = judge_units(*report);
  compare::verdict_of_check verdict = compare::check(*report, limits);
  const render::checked_report checked{std::move(*report), std::move(verdict)};
  if (limits.must_be_elided && checked.verdict.calls == 0)
    say("--require-elided: no call here is of a coroutine with '" + *options.value("--require-elided") +
        "' in its name");
  const std::string format = options.value("--format").value_or("text");
  const auto text = format == "text"    ? render::check_text
                    : format == "sarif" ? render::check_sarif
                                        : render::check_markdown;
  if (const int failed = print(text(checked, limits)))
    return failed;
  const auto target = options.value("--write-baseline");
  if (target && code == success)
    if (const auto written = write_file(*target, render::baseline(checked.value, limits.level)); !written)
      return fail(written.error());
  return code == success && !checked.verdict.breaches.empty() ? differs : code;
}

} // namespace

int check_command(const std::vector<std::string> &words) {
  const auto options = parse_options(words, joined(check_options, compile_options));
  const std::string see = " (see coroscope check --help)";
  if (!options)
    return fail(options.error() + see);
  auto request = analysis_from(*options);
  if (!request)
    return fail(request.error() + see);
  auto limits = limits_from(*options);
  if (!limits)
    return fail(limits.error() + see);
  const std::string format = options->value("--format").value_or("text");
  if (format != "text" && format != "markdown" && format != "sarif")
    return fail("--format: '" + format + "' is no format; text, markdown and sarif are" + see);
  if (const auto file = options->value("--write-baseline"))
    if (const auto writable = check_writable(*file); !writable)
      return fail(writable.error());
  report baseline;
  if (const auto file = options->value("--baseline")) {
    auto loaded = load_baseline(*file);
    if (!loaded)
      return fail(loaded.error());
    baseline = std::move(*loaded);
    limits->baseline = &baseline;
  }
  request->levels = {limits->level};
  request->with_sources = format == "sarif"; // for the columns
  return check_report(*options, *request, *limits);
}

} // namespace coroscope::tool
