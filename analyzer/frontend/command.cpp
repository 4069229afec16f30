// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/command.h"

#include <clang/Basic/Diagnostic.h>
#include <clang/Basic/DiagnosticOptions.h>
#include <clang/Driver/Compilation.h>
#include <clang/Driver/Driver.h>
#include <clang/Driver/Job.h>
#include <clang/Frontend/TextDiagnosticPrinter.h>
#include <clang/Tooling/ArgumentsAdjusters.h>
#include <clang/Tooling/CompilationDatabase.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Program.h>
#include <llvm/TargetParser/Host.h>

#include <algorithm>
#include <filesystem>

namespace coroscope::frontend {
namespace {

bool is_level(llvm::StringRef argument) {
  return argument.starts_with("-O") && argument != "-Ofast-math" && !argument.starts_with("-ObjC");
}

bool is_header(llvm::StringRef file) {
  return file.ends_with(".h") || file.ends_with(".hpp") || file.ends_with(".hh") || file.ends_with(".hxx");
}

/// "-MJ FILE" has clang write a compilation data base; Clang's own adjusters do not know that it takes a value.
std::vector<std::string> without_fragment_file(std::vector<std::string> arguments) {
  for (auto flag = std::ranges::find(arguments, "-MJ"); flag != arguments.end();
       flag = std::ranges::find(arguments, "-MJ"))
    arguments.erase(flag, std::min(flag + 2, arguments.end()));
  return arguments;
}

/// Takes out what belongs to one build and not to the question: output, dependency files, level, the source itself.
std::vector<std::string> without_outputs(const std::vector<std::string> &arguments, const std::string &file) {
  using namespace clang::tooling;
  const ArgumentsAdjuster strip =
      combineAdjusters(getClangStripOutputAdjuster(), getClangStripDependencyFileAdjuster());
  std::vector<std::string> kept;
  for (std::string &argument : strip(without_fragment_file(arguments), file)) {
    const bool is_source =
        argument == file || (!argument.starts_with('-') &&
                             llvm::sys::path::filename(argument) == llvm::sys::path::filename(file) && !kept.empty());
    if (!is_level(argument) && argument != "-c" && argument != "-S" && argument != "--" && argument != "-gmodules" &&
        !is_source)
      kept.push_back(std::move(argument));
  }
  return kept;
}

std::expected<compile_command, std::string> from_data_base(const std::string &file, const std::string &directory) {
  std::string error;
  const auto data_base = clang::tooling::CompilationDatabase::loadFromDirectory(directory, error);
  if (!data_base && std::filesystem::exists(std::filesystem::path(directory) / "compile_commands.json"))
    return std::unexpected("'" + directory + "/compile_commands.json' cannot be read: " + error);
  if (!data_base)
    return std::unexpected("no compile_commands.json in '" + directory +
                           "': pass the build directory to -p (cmake writes the file with "
                           "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON)");
  const std::string absolute = std::filesystem::absolute(file).lexically_normal().string();
  const std::vector<clang::tooling::CompileCommand> commands = data_base->getCompileCommands(absolute);
  if (commands.empty())
    return std::unexpected("'" + file + "' is not in '" + directory +
                           "/compile_commands.json': name a file that the build compiles, or pass its flags after --");
  const std::string guess = commands.front().Heuristic;
  return compile_command{
      .directory = commands.front().Directory,
      .file = absolute,
      .arguments = without_outputs(commands.front().CommandLine, commands.front().Filename),
      .note = guess.empty() ? ""
                            : "'" + file + "' is not in '" + directory +
                                  "/compile_commands.json'; its flags are those of a file like it (" + guess + ")"};
}

/// The driver's first complaint, without its "error: " and line break.
std::string driver_error(llvm::StringRef text) {
  text.consume_front("error: ");
  text = text.take_until([](char letter) { return letter == '\n'; });
  return text.empty() ? "the compiler driver made no compilation of this command" : text.str();
}

} // namespace

std::expected<std::string, std::string> find_driver() {
  if (const auto found = llvm::sys::findProgramByName("clang++-22"))
    return *found;
  if (std::string installed = COROSCOPE_LLVM_BINDIR "/clang++"; llvm::sys::fs::can_execute(installed))
    return installed;
  return std::unexpected("no clang++-22 on this machine: install clang 22 (Debian, Ubuntu: apt-get install clang-22)");
}

std::expected<compile_command, std::string> find_command(const std::string &file, const command_source &source) {
  const auto driver = find_driver();
  if (!driver)
    return std::unexpected(driver.error());
  if (!std::filesystem::is_regular_file(file))
    return std::unexpected(std::filesystem::is_directory(file)
                               ? "'" + file + "' is a directory: name a C++ source file"
                               : "no file '" + file + "': name a C++ source file that exists");
  compile_command command{.directory = std::filesystem::current_path().string(), .file = file};
  if (source.build_directory) {
    auto found = from_data_base(file, *source.build_directory);
    if (!found)
      return found;
    command = std::move(*found);
    command.arguments.erase(command.arguments.begin()); // whichever compiler the build uses
  } else {
    command.arguments = without_outputs(source.fixed.value_or(source.defaults), file);
  }
  command.arguments.insert(command.arguments.begin(), *driver);
  command.arguments.insert(command.arguments.end(), source.extra.begin(), source.extra.end());
  return command;
}

std::vector<std::string> driver_arguments(const compile_command &command, const std::string &level) {
  std::vector<std::string> arguments = command.arguments;
  for (const char *added : {"-g", "-fno-discard-value-names", "-c", "-o", "/dev/null"})
    arguments.emplace_back(added);
  arguments.push_back("-" + level);
  if (is_header(command.file))
    arguments.insert(arguments.end(), {"-x", "c++"}); // else the driver precompiles it
  arguments.push_back(command.file);
  return arguments;
}

std::expected<std::vector<std::string>, std::string> cc1_arguments(const std::vector<std::string> &driver_arguments) {
  clang::DiagnosticOptions options;
  std::string text;
  llvm::raw_string_ostream stream(text);
  clang::TextDiagnosticPrinter printer(stream, options);
  clang::DiagnosticsEngine diagnostics(clang::DiagnosticIDs::create(), options, &printer, /*ShouldOwnClient=*/false);
  // Clang's own files are found from where the program is, not from where a link to it is.
  llvm::SmallString<128> program;
  if (llvm::sys::fs::real_path(driver_arguments.front(), program))
    program = driver_arguments.front();
  clang::driver::Driver driver(program, llvm::sys::getDefaultTargetTriple(), diagnostics);
  std::vector<const char *> arguments;
  for (const std::string &argument : driver_arguments)
    arguments.push_back(argument.c_str());
  const std::unique_ptr<clang::driver::Compilation> compilation(driver.BuildCompilation(arguments));
  if (!compilation || diagnostics.hasErrorOccurred())
    return std::unexpected(driver_error(text));
  for (const clang::driver::Command &job : compilation->getJobs())
    if (!job.getArguments().empty() && llvm::StringRef(job.getArguments().front()) == "-cc1")
      return std::vector<std::string>(job.getArguments().begin() + 1, job.getArguments().end());
  return std::unexpected("'" + driver_arguments.back() +
                         "' is no C++ source by its name: name a .cpp, .cc, .cxx or header");
}

} // namespace coroscope::frontend
