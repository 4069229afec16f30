// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/invocation.h"

#include "frontend/diagnostics.h"
#include "frontend/driver.h"

#include <clang/Basic/DiagnosticOptions.h>
#include <clang/Frontend/CompilerInvocation.h>
#include <clang/Lex/PreprocessorOptions.h>
#include <llvm/Support/Path.h>

#include <algorithm>
#include <filesystem>

namespace coroscope::frontend {
namespace {

void add_note(unit &unit, std::string note) {
  if (std::ranges::find(unit.notes, note) == unit.notes.end()) // another level has said so
    unit.notes.push_back(std::move(note));
}

std::string joined(const std::vector<std::string> &words) {
  std::string text;
  for (const std::string &word : words)
    text += (text.empty() ? "" : " ") + word;
  return text;
}

/// The options of the compiler proper that make it write beside the object, some of them wherever its output goes.
void turn_outputs_off(clang::CompilerInvocation &invocation) {
  invocation.getDependencyOutputOpts() = {};
  invocation.getDiagnosticOpts().DiagnosticSerializationFile.clear();
  invocation.getDiagnosticOpts().DiagnosticLogFile.clear();
  clang::FrontendOptions &frontend = invocation.getFrontendOpts();
  frontend.OutputFile = "/dev/null";
  frontend.ModuleOutputPath.clear();
  frontend.StatsFile.clear();
  clang::CodeGenOptions &code = invocation.getCodeGenOpts();
  code.CoverageNotesFile.clear();
  code.SplitDwarfOutput.clear();
  code.StackUsageOutput.clear();
  code.OptRecordFile.clear();
  code.ThinLinkBitcodeFile.clear();
  code.CoverageMapping = false; // tables beside the code, made by callbacks that only clang's own action sets up
  code.TimePasses = false;      // timers that only clang's own main sets up
}

/// Before the link, ThinLTO's pipeline splits no coroutine.
void split_before_link(clang::CodeGenOptions &options, unit &unit) {
  if (!options.PrepareForThinLTO || options.OptimizationLevel == 0)
    return;
  options.PrepareForThinLTO = false;
  options.PrepareForLTO = false;
  options.FatLTO = false;
  add_note(unit, "ThinLTO splits coroutines when it links, with code of other files inlined; shown is what becomes of "
                 "them without it");
}

/// A precompiled header is made for one compiler and one level; its header says the same to all.
void read_headers_as_text(clang::CompilerInvocation &invocation, const std::string &directory, unit &unit) {
  clang::PreprocessorOptions &options = invocation.getPreprocessorOpts();
  if (options.ImplicitPCHInclude.empty())
    return;
  llvm::SmallString<128> header(options.ImplicitPCHInclude);
  llvm::sys::path::replace_extension(header, "");
  if (!std::filesystem::is_regular_file(std::filesystem::path(directory) / header.str().str())) {
    add_note(unit, "the precompiled header '" + options.ImplicitPCHInclude + "' is used as it is: '" +
                       header.str().str() + "' is not there");
    return;
  }
  options.ImplicitPCHInclude.clear();
  if (std::ranges::find(options.Includes, header.str().str()) == options.Includes.end())
    options.Includes.insert(options.Includes.begin(), header.str().str());
  add_note(unit, "'" + header.str().str() + "' is read as text, not precompiled");
}

} // namespace

std::shared_ptr<clang::CompilerInvocation> make_invocation(const compile_command &command, const std::string &level,
                                                           struct unit &unit) {
  const auto fail = [&](std::string message) {
    unit.diagnostics.push_back({.level = severity::error, .message = std::move(message)});
    return nullptr;
  };
  if (!command.problem.empty())
    return fail(command.problem);
  const auto answer = ask_driver(command, level);
  if (!answer)
    return fail(answer.error());
  if (!answer->left_out.empty())
    add_note(unit, "flags that clang does not know are left out: " + joined(answer->left_out));
  std::vector<const char *> pointers;
  for (const std::string &argument : answer->arguments)
    pointers.push_back(argument.c_str());
  clang::DiagnosticOptions options;
  diagnostic_collector collector;
  clang::DiagnosticsEngine diagnostics(clang::DiagnosticIDs::create(), options, &collector, /*ShouldOwnClient=*/false);
  auto invocation = std::make_shared<clang::CompilerInvocation>();
  if (!clang::CompilerInvocation::CreateFromArgs(*invocation, pointers, diagnostics,
                                                 command.arguments.front().c_str())) {
    const std::vector<diagnostic> &found = collector.diagnostics();
    unit.diagnostics.insert(unit.diagnostics.end(), found.begin(), found.end());
    return nullptr;
  }
  invocation->getFileSystemOpts().WorkingDir = command.directory;
  invocation->getFrontendOpts().DisableFree = false;
  invocation->getCodeGenOpts().DisableFree = false;
  invocation->getCodeGenOpts().ClearASTBeforeBackend = false;
  invocation->getCodeGenOpts().DebugColumnInfo = true; // finds points and variables again; some targets leave it out
  split_before_link(invocation->getCodeGenOpts(), unit);
  turn_outputs_off(*invocation);
  read_headers_as_text(*invocation, command.directory, unit);
  return invocation;
}

} // namespace coroscope::frontend
