// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/invocation.h"

#include "frontend/diagnostics.h"

#include <clang/Basic/DiagnosticOptions.h>
#include <clang/Frontend/CompilerInvocation.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

void add_note(const std::string &note, struct unit &unit) {
  if (std::ranges::find(unit.notes, note) == unit.notes.end())
    unit.notes.push_back(note);
}

/// What finds suspend points and variables again: columns, which some targets leave out.
void keep_places(clang::CodeGenOptions &options) { options.DebugColumnInfo = true; }

void drop_other_outputs(clang::CodeGenOptions &options) {
  options.DisableFree = false;
  options.ClearASTBeforeBackend = false;
  options.TimePasses = false;      // timers that only clang's own main sets up
  options.CoverageMapping = false; // tables beside the code, made by callbacks that only clang's own action sets up
}

/// Before the link, ThinLTO's pipeline splits no coroutine.
void split_before_link(clang::CodeGenOptions &options, struct unit &unit) {
  if (!options.PrepareForThinLTO || options.OptimizationLevel == 0)
    return;
  options.PrepareForThinLTO = false;
  options.PrepareForLTO = false;
  options.FatLTO = false;
  add_note("ThinLTO splits coroutines when it links, with code of other files inlined; shown is what becomes of them "
           "without it",
           unit);
}

} // namespace

std::shared_ptr<clang::CompilerInvocation> make_invocation(const compile_command &command, const std::string &level,
                                                           struct unit &unit) {
  const auto arguments = cc1_arguments(driver_arguments(command, level));
  if (!arguments) {
    unit.diagnostics.push_back({.level = severity::error, .message = arguments.error()});
    return nullptr;
  }
  std::vector<const char *> pointers;
  for (const std::string &argument : *arguments)
    pointers.push_back(argument.c_str());
  clang::DiagnosticOptions diagnostic_options;
  diagnostic_collector collector;
  clang::DiagnosticsEngine diagnostics(clang::DiagnosticIDs::create(), diagnostic_options, &collector,
                                       /*ShouldOwnClient=*/false);
  auto invocation = std::make_shared<clang::CompilerInvocation>();
  if (!clang::CompilerInvocation::CreateFromArgs(*invocation, pointers, diagnostics,
                                                 command.arguments.front().c_str())) {
    unit.diagnostics.insert(unit.diagnostics.end(), collector.diagnostics().begin(), collector.diagnostics().end());
    return nullptr;
  }
  invocation->getFileSystemOpts().WorkingDir = command.directory;
  invocation->getFrontendOpts().DisableFree = false;
  keep_places(invocation->getCodeGenOpts());
  drop_other_outputs(invocation->getCodeGenOpts());
  split_before_link(invocation->getCodeGenOpts(), unit);
  return invocation;
}

} // namespace coroscope::frontend
