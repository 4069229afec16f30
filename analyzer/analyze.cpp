// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyze.h"

#include "elision_join.h"
#include "frontend/compile.h"
#include "hazards/hazards.h"
#include "join.h"
#include "lowering/elision.h"
#include "lowering/split_observer.h"
#include "model/each_id.h"

#include <algorithm>
#include <concepts>
#include <memory>
#include <numeric>
#include <regex>

namespace coroscope {
namespace {

struct level_result {
  std::string level;
  std::unique_ptr<lowering::split_observer> observer;
  std::unique_ptr<lowering::elision_watch> watch;
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
              const std::vector<std::string> &without, report &report) {
  for (frontend::coroutine_facts &coroutine : facts.coroutines)
    add_lowerings(coroutine, facts.coroutines, levels, facts.files);
  std::vector<elision> elisions;
  for (const level_result &level : levels)
    std::ranges::move(join_elisions(facts, level.level, level.watch->calls()), std::back_inserter(elisions));
  std::vector<hazard> hazards = find_hazards(facts, elisions);
  const std::vector<file_id> ids = take_files(std::move(facts.files), report);
  const unit_id unit{static_cast<std::uint32_t>(report.units.size())};
  const auto move_to_report = [&](auto &id) {
    if constexpr (std::same_as<decltype(id), file_id &>)
      id = ids[id.value];
  };
  for_each_id(facts.unit, move_to_report);
  report.units.push_back(std::move(facts.unit));
  std::vector<std::optional<coroutine_id>> kept;
  for (frontend::coroutine_facts &coroutine : facts.coroutines) {
    kept.emplace_back();
    if (!std::regex_search(coroutine.value.name, wanted) && !std::regex_search(coroutine.value.mangled, wanted))
      continue;
    for_each_id(coroutine.value, move_to_report);
    coroutine.value.units = {unit};
    kept.back() = coroutine_id{static_cast<std::uint32_t>(report.coroutines.size())};
    report.coroutines.push_back(std::move(coroutine.value));
  }
  for (elision &one : elisions) {
    const auto renumber = [&](std::optional<coroutine_id> &id) { id = id ? kept[id->value] : std::nullopt; };
    renumber(one.caller_id);
    renumber(one.callee_id);
    if (!one.caller_id && !one.callee_id && !std::regex_search(one.caller, wanted))
      continue;
    for_each_id(one, move_to_report);
    report.elisions.push_back(std::move(one));
  }
  for (hazard &one : hazards) {
    // Its points are those of a coroutine of this unit, which is left out together with it.
    one.coroutine = one.coroutine ? kept[one.coroutine->value] : std::nullopt;
    if (!one.coroutine || std::ranges::find(without, one.name) != without.end())
      continue;
    for_each_id(one, move_to_report);
    report.hazards.push_back(std::move(one));
  }
}

/// Coroutines by unit and place; what names them follows.
void sort_coroutines(report &report) {
  std::vector<std::size_t> order(report.coroutines.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) {
    const coroutine &one = report.coroutines[i];
    return std::tuple(one.units.front(), one.where.file, one.where.begin, one.name, one.mangled);
  });
  std::vector<coroutine> sorted;
  std::vector<coroutine_id> moved(order.size());
  for (const std::size_t from : order) {
    moved[from] = {static_cast<std::uint32_t>(sorted.size())};
    sorted.push_back(std::move(report.coroutines[from]));
  }
  report.coroutines = std::move(sorted);
  for_each_id(report, [&](auto &id) {
    if constexpr (std::same_as<decltype(id), coroutine_id &>)
      id = moved[id.value];
  });
}

void analyze_file(const frontend::compile_command &command, const analysis_request &request, const std::regex &wanted,
                  report &report) {
  request.progress("analysing " + command.file);
  std::vector<level_result> results;
  std::vector<frontend::level_request> levels;
  for (const std::string &level : request.levels) {
    lowering::split_observer::options options{.with_ir = request.with_ir, .with_reasons = true, .with_transfers = true};
    results.push_back({level, std::make_unique<lowering::split_observer>(std::move(options)),
                       std::make_unique<lowering::elision_watch>()});
    lowering::split_observer *observer = results.back().observer.get();
    const auto attach = [observer, watch = results.back().watch.get()](llvm::PassBuilder &builder) {
      observer->attach(builder);
      watch->attach(builder);
    };
    levels.push_back({level, attach});
    if (!request.with_assembly)
      continue;
    levels.back().before_code = [observer](llvm::Module &module) { return observer->keep_coroutines(module); };
    levels.back().take_assembly = [observer](const std::string &text) { observer->read_assembly(text); };
  }
  const frontend::compile_options options{.with_sources = request.with_sources,
                                          .system_headers = request.system_headers};
  add_unit(frontend::compile(command, levels, options), results, wanted, request.without_hazards, report);
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
  sort_coroutines(report);
  return report;
}

std::vector<std::string> hazard_rules() { return {hazard_names().begin(), hazard_names().end()}; }

bool failed(const unit &unit) {
  return std::ranges::any_of(unit.diagnostics, [](const diagnostic &diagnostic) {
    return diagnostic.level == severity::error || diagnostic.level == severity::fatal;
  });
}

} // namespace coroscope
