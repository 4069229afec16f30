// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The options that several subcommands share.
#include "batch.h"
#include "render/text.h"
#include "tool/commands.h"
#include "tool/console.h"
#include "tool/paths.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <sstream>

namespace coroscope::tool {

const std::vector<option> compile_options = {{"-p", true}, {"--extra-arg", true}};

const std::vector<option> analysis_options = {{"--function", true},  {"--levels", true}, {"--system-headers", false},
                                              {"--no-hazard", true}, {"-j", true},       {"--timeout", true}};

namespace {

/// Error: a sentence that names the option.
std::expected<unsigned, std::string> number(const std::string &option, const std::string &text, unsigned least) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least)
    return std::unexpected(option + ": '" + text + "' is no number of " + std::to_string(least) + " or more");
  return value;
}

std::expected<isolation, std::string> limits_from(const parsed_options &options) {
  isolation limits{.jobs = default_jobs(), .timeout = default_timeout};
  if (const auto jobs = options.value("-j")) {
    const auto value = number("-j", *jobs, 1);
    if (!value)
      return std::unexpected(value.error());
    limits.jobs = *value;
  }
  if (const auto timeout = options.value("--timeout")) {
    const auto value = number("--timeout", *timeout, 0);
    if (!value)
      return std::unexpected(value.error());
    limits.timeout = std::chrono::seconds(*value);
  }
  return limits;
}

std::string no_hazard(const std::string &name, const std::vector<std::string> &rules) {
  std::string known;
  for (const std::string &rule : rules)
    known += rule + ", ";
  return "--no-hazard: '" + name + "' is no hazard; these are: " + known + "and 'all' for all of them";
}

} // namespace

frontend::command_source commands_from(const parsed_options &options) {
  return {.build_directory = options.value("-p"),
          .fixed = options.rest,
          .extra = options.values("--extra-arg"),
          .defaults = {"-std=c++20", "-isystem", include_directory().string()}};
}

std::expected<std::vector<std::string>, std::string> levels_in(const std::string &option, const std::string &list) {
  static const std::vector<std::string> known = {"O0", "O1", "O2", "O3", "Os", "Oz"};
  std::vector<std::string> levels;
  std::istringstream words(list);
  for (std::string level; std::getline(words, level, ',');) {
    if (level.starts_with('-'))
      level.erase(0, 1);
    if (std::ranges::find(known, level) == known.end())
      return std::unexpected(option + ": '" + level + "' is no level; name some of O0,O1,O2,O3,Os,Oz");
    if (std::ranges::find(levels, level) == levels.end())
      levels.push_back(level);
  }
  if (levels.empty())
    return std::unexpected(option + " names no level; name some of O0,O1,O2,O3,Os,Oz");
  return levels;
}

std::expected<analysis_request, std::string> analysis_from(const parsed_options &options) {
  analysis_request request{.files = options.operands,
                           .commands = commands_from(options),
                           .function_regex = options.value("--function").value_or(""),
                           .system_headers = options.has("--system-headers"),
                           .progress = progress};
  const auto limits = limits_from(options);
  if (!limits)
    return std::unexpected(limits.error());
  request.limits = *limits;
  if (const auto list = options.value("--levels")) {
    auto levels = levels_in("--levels", *list);
    if (!levels)
      return std::unexpected(levels.error());
    request.levels = std::move(*levels);
  }
  const std::vector<std::string> rules = hazard_rules();
  for (const std::string &name : options.values("--no-hazard")) {
    if (name == "all")
      request.without_hazards = rules;
    else if (std::ranges::find(rules, name) != rules.end())
      request.without_hazards.push_back(name);
    else
      return std::unexpected(no_hazard(name, rules));
  }
  if (request.files.empty() && !options.has("-p"))
    return std::unexpected("no source file is named, and no build directory with -p");
  return request;
}

namespace {

bool says(const unit &unit, std::string_view words) {
  return std::ranges::any_of(unit.diagnostics, [&](const diagnostic &diagnostic) {
    return diagnostic.message.find(words) != std::string::npos;
  });
}

/// A fatal error without a place is none of the source.
bool was_cut_off(const unit &unit) {
  return std::ranges::any_of(unit.diagnostics, [](const diagnostic &diagnostic) {
    return diagnostic.level == severity::fatal && !diagnostic.place;
  });
}

/// What the user can do about it, where the diagnostics tell.
void advise(const unit &unit) {
  if (says(unit, "file not found"))
    say("pass the directory of the missing header: --extra-arg=-IDIR, -p BUILD_DIR, or all flags behind --");
  if (says(unit, "module '") || says(unit, "header unit"))
    say("a module that is imported must be built before, by clang 22: pass -fmodule-file=NAME=FILE.pcm");
  if (says(unit, "requires -fcoroutines"))
    say("coroutines need C++20: compile with -std=c++20 or later");
}

} // namespace

int judge_units(const report &report) {
  progress("");
  int code = success;
  for (const unit &unit : report.units) {
    if (!failed(unit))
      continue;
    std::fputs(render::diagnostics_text(report, unit, /*all=*/false).c_str(), stderr);
    say("'" + unit.file +
        (was_cut_off(unit) ? "' was not analysed to its end, so it has no lowering"
                           : "' does not compile with these flags, so it has no lowering"));
    advise(unit);
    code = source_error;
  }
  return code;
}

int judge(const report &report, const analysis_request &request) {
  const int code = judge_units(report);
  if (code != success || !report.coroutines.empty() || !report.elisions.empty())
    return code;
  const std::string files = request.files.size() == 1 ? "'" + request.files.front() + "'" : "these files";
  return fail(request.function_regex.empty()
                  ? "no coroutine in " + files + ": no function there uses co_await, co_yield or co_return"
                  : "no coroutine in " + files + " has '" + request.function_regex + "' in its name");
}

std::vector<option> joined(std::vector<option> options, const std::vector<option> &more) {
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

} // namespace coroscope::tool
