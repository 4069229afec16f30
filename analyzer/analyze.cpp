// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyze.h"

#include "batch.h"
#include "elision_join.h"
#include "frontend/compile.h"
#include "hazards/hazards.h"
#include "join.h"
#include "lowering/elision.h"
#include "lowering/split_observer.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <regex>

namespace coroscope {
namespace {

struct level_result {
  std::string level;
  std::unique_ptr<lowering::split_observer> observer;
  std::unique_ptr<lowering::elision_watch> watch;
};

void add_lowerings(frontend::coroutine_facts &facts, const std::vector<frontend::coroutine_facts> &all,
                   const std::vector<level_result> &levels,
                   const std::map<std::string, frontend::body_facts> &functions, std::vector<source_file> &files) {
  for (const level_result &level : levels) {
    const auto symbol = facts.symbols.find(level.level);
    const std::vector<lowering::lowered_coroutine> &lowered = level.observer->coroutines();
    const auto found = symbol == facts.symbols.end()
                           ? lowered.end()
                           : std::ranges::find(lowered, symbol->second, &lowering::lowered_coroutine::symbol);
    if (found != lowered.end()) {
      facts.value.lowerings.push_back(join(facts, *found, {level.level, &all, &lowered, &functions}, files));
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

using name_filter = std::function<bool(const std::string &)>;

/// Moves the wanted coroutines into the report in the order of their places; gives the id that each has there.
std::vector<std::optional<coroutine_id>> take_coroutines(std::vector<frontend::coroutine_facts> facts,
                                                         const name_filter &wanted, report &report) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < facts.size(); ++i)
    if (wanted(facts[i].value.name) || wanted(facts[i].value.mangled))
      order.push_back(i);
  std::ranges::sort(order, {}, [&](std::size_t i) {
    const coroutine &one = facts[i].value;
    return std::tuple(one.where.file, one.where.begin, one.name, one.mangled);
  });
  std::vector<std::optional<coroutine_id>> ids(facts.size());
  for (const std::size_t from : order) {
    ids[from] = coroutine_id{static_cast<std::uint32_t>(report.coroutines.size())};
    facts[from].value.units = {unit_id{0}};
    report.coroutines.push_back(std::move(facts[from].value));
  }
  return ids;
}

/// The report of one unit.
report report_of(frontend::source_facts facts, const std::vector<level_result> &levels, const name_filter &wanted,
                 const analysis_request &request) {
  for (frontend::coroutine_facts &coroutine : facts.coroutines)
    add_lowerings(coroutine, facts.coroutines, levels, facts.functions, facts.files);
  std::vector<elision> elisions;
  for (const level_result &level : levels)
    std::ranges::move(join_elisions(facts, level.level, level.watch->calls()), std::back_inserter(elisions));
  std::vector<hazard> hazards = find_hazards(facts, elisions);
  report report;
  report.files = std::move(facts.files);
  report.units.push_back(std::move(facts.unit));
  const std::vector<std::optional<coroutine_id>> kept = take_coroutines(std::move(facts.coroutines), wanted, report);
  for (elision &one : elisions) {
    const auto renumber = [&](std::optional<coroutine_id> &id) { id = id ? kept[id->value] : std::nullopt; };
    renumber(one.caller_id);
    renumber(one.callee_id);
    if (one.caller_id || one.callee_id || wanted(one.caller))
      report.elisions.push_back(std::move(one));
  }
  const std::vector<std::string> &without = request.without_hazards;
  for (hazard &one : hazards) {
    // Its points are those of a coroutine of this unit, which is left out together with it.
    one.coroutine = one.coroutine ? kept[one.coroutine->value] : std::nullopt;
    if (one.coroutine && std::ranges::find(without, one.name) == without.end())
      report.hazards.push_back(std::move(one));
  }
  return report;
}

/// The functions whose temporaries are in a frame because they were inlined.
std::set<std::string> inlined_functions(const std::vector<level_result> &levels) {
  std::set<std::string> symbols;
  for (const level_result &level : levels)
    for (const lowering::lowered_coroutine &coroutine : level.observer->coroutines())
      for (const lowering::lowered_field &field : coroutine.fields)
        for (const lowering::lowered_resident &value : field.residents)
          if (!value.is_variable && value.is_stack_slot && !value.inlined.empty())
            symbols.insert(value.inlined.front().symbol);
  return symbols;
}

report analyze_unit(const frontend::compile_command &command, const analysis_request &request,
                    const std::regex &names) {
  std::vector<level_result> results;
  std::vector<frontend::level_request> levels;
  for (const std::string &level : request.levels) {
    lowering::split_observer::options options{
        .with_variables = true, .with_ir = request.with_ir, .with_reasons = true, .with_transfers = true};
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
  const name_filter wanted = [&](const std::string &name) { return std::regex_search(name, names); };
  const frontend::compile_options options{.with_sources = request.with_sources,
                                          .system_headers = request.system_headers,
                                          .wanted = wanted,
                                          .functions = [&] { return inlined_functions(results); }};
  return report_of(frontend::compile(command, levels, options), results, wanted, request);
}

} // namespace

std::expected<report, std::string> analyze(const analysis_request &request) {
  std::regex names;
  try {
    names = std::regex(request.function_regex, std::regex::ECMAScript | std::regex::icase);
  } catch (const std::regex_error &error) {
    return std::unexpected("--function: '" + request.function_regex + "' is no regular expression: " + error.what());
  }
  const auto commands = frontend::find_commands(request.files, request.commands);
  if (!commands)
    return std::unexpected(commands.error());
  report report = analyze_each(
      *commands, request.limits,
      [&](const frontend::compile_command &command) { return analyze_unit(command, request, names); },
      request.progress);
  report.tool = "coroscope " COROSCOPE_VERSION;
  return report;
}

std::vector<std::string> hazard_rules() { return {hazard_names().begin(), hazard_names().end()}; }

} // namespace coroscope
