// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyze.h"

#include "frontend/compile.h"
#include "join.h"
#include "lowering/split_observer.h"
#include "model/each_id.h"

#include <algorithm>
#include <concepts>
#include <memory>
#include <regex>

namespace coroscope {
namespace {

struct level_result {
  std::string level;
  std::unique_ptr<lowering::split_observer> observer;
};

/// Moves the unit's files into the report; gives the id that each has there.
std::vector<file_id> take_files(std::vector<source_file> files, report &report) {
  std::vector<file_id> ids;
  for (source_file &file : files) {
    auto known = std::ranges::find(report.files, file.path, &source_file::path);
    if (known == report.files.end())
      known = report.files.insert(report.files.end(), std::move(file));
    ids.push_back({static_cast<std::uint32_t>(known - report.files.begin())});
  }
  return ids;
}

void add_lowerings(frontend::coroutine_facts &facts, const std::vector<frontend::coroutine_facts> &all,
                   const std::vector<level_result> &levels, std::vector<source_file> &files) {
  for (const level_result &level : levels) {
    const auto symbol = facts.symbols.find(level.level);
    const std::vector<lowering::lowered_coroutine> &lowered = level.observer->coroutines();
    const auto found = symbol == facts.symbols.end()
                           ? lowered.end()
                           : std::ranges::find(lowered, symbol->second, &lowering::lowered_coroutine::symbol);
    if (found != lowered.end()) {
      facts.value.lowerings.push_back(join(facts, *found, {level.level, &all, &lowered}, files));
      continue;
    }
    facts.value.lowerings.push_back(
        {.level = level.level,
         .symbol = symbol == facts.symbols.end() ? facts.value.mangled : symbol->second,
         .problems = {symbol == facts.symbols.end()
                          ? "no code is generated for it at this level"
                          : "it is not split: the optimiser removes it before, or these flags run no passes"}});
  }
}

/// The report gains this unit with its files and coroutines.
void add_unit(frontend::source_facts facts, const std::vector<level_result> &levels, const std::regex &wanted,
              report &report) {
  for (frontend::coroutine_facts &coroutine : facts.coroutines)
    add_lowerings(coroutine, facts.coroutines, levels, facts.files);
  const std::vector<file_id> ids = take_files(std::move(facts.files), report);
  const unit_id unit{static_cast<std::uint32_t>(report.units.size())};
  const auto move_to_report = [&](auto &id) {
    if constexpr (std::same_as<decltype(id), file_id &>)
      id = ids[id.value];
  };
  for_each_id(facts.unit, move_to_report);
  report.units.push_back(std::move(facts.unit));
  for (frontend::coroutine_facts &coroutine : facts.coroutines) {
    if (!std::regex_search(coroutine.value.name, wanted) && !std::regex_search(coroutine.value.mangled, wanted))
      continue;
    for_each_id(coroutine.value, move_to_report);
    coroutine.value.units = {unit};
    report.coroutines.push_back(std::move(coroutine.value));
  }
}

void analyze_file(const frontend::compile_command &command, const analysis_request &request, const std::regex &wanted,
                  report &report) {
  request.progress("analysing " + command.file);
  std::vector<level_result> results;
  std::vector<frontend::level_request> levels;
  for (const std::string &level : request.levels) {
    lowering::split_observer::options options{.with_ir = request.with_ir, .with_reasons = true};
    results.push_back({level, std::make_unique<lowering::split_observer>(std::move(options))});
    levels.push_back(
        {level, [observer = results.back().observer.get()](llvm::PassBuilder &builder) { observer->attach(builder); }});
  }
  const frontend::compile_options options{.with_sources = request.with_sources,
                                          .system_headers = request.system_headers};
  add_unit(frontend::compile(command, levels, options), results, wanted, report);
}

} // namespace

std::expected<report, std::string> analyze(const analysis_request &request) {
  report report{.tool = "coroscope " COROSCOPE_VERSION};
  std::regex wanted;
  try {
    wanted = std::regex(request.function_regex, std::regex::ECMAScript | std::regex::icase);
  } catch (const std::regex_error &error) {
    return std::unexpected("--function: '" + request.function_regex + "' is no regular expression: " + error.what());
  }
  std::vector<frontend::compile_command> commands;
  for (const std::string &file : request.files) {
    auto command = frontend::find_command(file, request.commands);
    if (!command)
      return std::unexpected(command.error());
    commands.push_back(std::move(*command));
  }
  for (const frontend::compile_command &command : commands)
    analyze_file(command, request, wanted, report);
  std::ranges::sort(report.coroutines, {}, [](const coroutine &coroutine) {
    return std::tuple(coroutine.units.front(), coroutine.where.file, coroutine.where.begin, coroutine.name,
                      coroutine.mangled);
  });
  return report;
}

bool failed(const unit &unit) {
  return std::ranges::any_of(unit.diagnostics, [](const diagnostic &diagnostic) {
    return diagnostic.level == severity::error || diagnostic.level == severity::fatal;
  });
}

} // namespace coroscope
