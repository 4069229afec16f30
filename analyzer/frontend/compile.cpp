// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which parses a unit needs: one for all levels, one a level where the source asks for the level, another one where
// coroutines must be asked for.
#include "frontend/compile.h"

#include "frontend/invocation.h"
#include "frontend/keyword_scan.h"
#include "frontend/parse.h"
#include "frontend/targets.h"
#include "model/displayed_path.h"

#include <clang/Basic/Stack.h>
#include <clang/Basic/TargetOptions.h>
#include <clang/Basic/Version.h>
#include <llvm/Support/PrettyStackTrace.h>
#include <llvm/Support/thread.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

/// One parse for all of `levels`; a second one where a coroutine is left out because what uses it is left out itself.
/// Returns the question that forbids sharing, in which case nothing was lowered.
std::optional<level_question> run(const std::vector<prepared_level> &levels, const compile_options &options,
                                  source_facts &facts) {
  const struct unit described = facts.unit;
  const parse_outcome first = parse_once(levels, options, {}, facts);
  if (first.missing.empty())
    return first.question;
  facts = source_facts{.unit = described};
  return parse_once(levels, options, first.missing, facts).question;
}

/// The symbols that the same calls had at other levels. Calls of one caller and place keep their order.
void add_symbols(const std::vector<coroutine_call> &earlier, std::vector<coroutine_call> &calls) {
  using key = std::tuple<std::string, std::string, position>;
  const auto key_of = [](const coroutine_call &call) { return key(call.caller, call.callee, call.key); };
  std::multimap<key, const coroutine_call *> known;
  for (const coroutine_call &call : earlier)
    known.emplace(key_of(call), &call);
  for (coroutine_call &call : calls) {
    const auto same = known.find(key_of(call));
    if (same == known.end())
      continue;
    call.caller_symbols.insert(same->second->caller_symbols.begin(), same->second->caller_symbols.end());
    call.callee_symbols.insert(same->second->callee_symbols.begin(), same->second->callee_symbols.end());
    known.erase(same);
  }
}

source_facts compile_here(const compile_command &command, std::span<const level_request> levels,
                          const compile_options &options) {
  source_facts facts{.unit = described_unit(command)};
  std::vector<prepared_level> prepared;
  for (const level_request &level : levels) {
    auto invocation = make_invocation(command, level.level, facts.unit);
    if (!invocation)
      return facts;
    prepared.push_back({&level, std::move(invocation)});
  }
  if (std::ranges::none_of(prepared,
                           [](const prepared_level &level) { return may_have_coroutines(level.invocation); })) {
    facts.unit.triple = prepared.back().invocation->getTargetOpts().Triple;
    facts.compiled = true;
    return facts;
  }
  const struct unit described = facts.unit;
  const std::optional<level_question> question = run(prepared, options, facts);
  if (!question || !facts.compiled)
    return facts;

  // The facts of the last level stand; the lowerings of each level come from a parse of its own.
  std::map<std::string, std::map<std::string, std::string>> symbols;
  std::vector<coroutine_call> earlier;
  for (const prepared_level &level : prepared) {
    facts = source_facts{.unit = described};
    run({level}, options, facts);
    add_symbols(earlier, facts.calls);
    earlier = facts.calls;
    identifier identity;
    for (const coroutine_facts &coroutine : facts.coroutines)
      symbols[identity(coroutine.value)].insert(coroutine.symbols.begin(), coroutine.symbols.end());
    if (!facts.compiled)
      return facts;
  }
  identifier identity;
  for (coroutine_facts &coroutine : facts.coroutines)
    coroutine.symbols = symbols[identity(coroutine.value)];
  facts.unit.notes.push_back("each level was parsed on its own, because " + displayed_path(question->file) + ":" +
                             std::to_string(question->line) + " tests " + question->macro);
  return facts;
}

} // namespace

unit described_unit(const compile_command &command) {
  return {.file = displayed_path(command.file),
          .compiler = "clang " CLANG_VERSION_STRING,
          .command = command.arguments,
          .notes = command.notes};
}

source_facts compile(const compile_command &command, std::span<const level_request> levels,
                     const compile_options &options) {
  initialize_targets();
  llvm::EnablePrettyStackTrace(); // a crash tells what the compiler was doing
  source_facts facts;
  // Readers of the tree go as deep as expressions are nested, which is deeper than a usual stack.
  llvm::thread reader(std::optional<unsigned>(256u << 20), [&] {
    clang::noteBottomOfStack();
    facts = compile_here(command, levels, options);
  });
  reader.join();
  return facts;
}

} // namespace coroscope::frontend
