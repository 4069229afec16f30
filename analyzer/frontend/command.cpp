// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/command.h"

#include "frontend/arguments.h"
#include "frontend/driver.h"
#include "frontend/targets.h"

#include <clang/Driver/ToolChain.h>
#include <clang/Driver/Types.h>
#include <clang/Tooling/CompilationDatabase.h>
#include <clang/Tooling/Tooling.h>
#include <llvm/Support/Path.h>
#include <llvm/TargetParser/Host.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace coroscope::frontend {
namespace {

namespace fs = std::filesystem;
using clang::tooling::CompilationDatabase;

std::expected<std::unique_ptr<CompilationDatabase>, std::string> load(const std::string &directory) {
  std::string error;
  auto data_base = CompilationDatabase::loadFromDirectory(directory, error);
  if (!data_base && fs::exists(fs::path(directory) / "compile_commands.json"))
    return std::unexpected("'" + directory + "/compile_commands.json' cannot be read: " + error);
  if (!data_base)
    return std::unexpected("no compile_commands.json in '" + directory +
                           "': pass the build directory to -p (cmake writes the file with "
                           "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON)");
  return data_base;
}

/// `entry.Filename`, from the root.
std::string file_of(const clang::tooling::CompileCommand &entry) {
  return fs::absolute(fs::path(entry.Directory) / entry.Filename).lexically_normal().string();
}

/// What a compiler's name says of its target, where clang does not know that target: "" elsewhere.
std::string unknown_target(const std::string &compiler, const std::vector<std::string> &words) {
  const auto named = clang::driver::ToolChain::getTargetAndModeFromProgramName(compiler);
  const auto names_target = [](const std::string &word) {
    return llvm::StringRef(word).starts_with("--target=") || word == "-target";
  };
  if (named.TargetPrefix.empty() || named.TargetIsValid || std::ranges::any_of(words, names_target))
    return "";
  return "clang knows no target '" + named.TargetPrefix + "', which its compiler '" + compiler +
         "' is named after: it is analysed for " + llvm::sys::getDefaultTargetTriple() +
         " (--extra-arg=--target=TRIPLE names another)";
}

compile_command read_entry(const clang::tooling::CompileCommand &entry, const std::string &file) {
  split_command command = split_compiler(entry.CommandLine);
  compile_command read{.directory = entry.Directory,
                       .file = file,
                       .may_leave_out = !is_clang(command.compiler),
                       .problem = foreign_syntax(command.compiler)};
  if (!read.problem.empty())
    return read;
  const std::string unknown = unknown_target(command.compiler, command.words);
  command.words.insert(command.words.begin(), command.compiler); // behind which the target is written
  clang::tooling::addTargetAndModeForProgramName(command.words, command.compiler);
  command.words.erase(command.words.begin());
  flags flags = compile_flags(std::move(command.words), entry.Directory);
  read.arguments = std::move(flags.kept);
  read.notes = std::move(flags.notes);
  if (!unknown.empty())
    read.notes.push_back(unknown);
  read.problem = std::move(flags.problem);
  return read;
}

/// C files and assembly stand in a data base too. A compiler whose name ends in ++ takes a .c file for C++.
bool is_cxx(const clang::tooling::CompileCommand &entry) {
  namespace types = clang::driver::types;
  const std::vector<std::string> &words = entry.CommandLine;
  types::ID type = types::lookupTypeForExtension(llvm::sys::path::extension(entry.Filename).ltrim('.'));
  for (std::size_t i = 0; i < words.size(); ++i)
    if (llvm::StringRef(words[i]).starts_with("-x") && (words[i].size() > 2 || i + 1 < words.size()))
      type = types::lookupTypeForTypeSpecifier(words[i].size() > 2 ? words[i].c_str() + 2 : words[i + 1].c_str());
  const std::string compiler = split_compiler(words).compiler;
  return type == types::TY_INVALID || types::isCXX(type) ||
         (type == types::TY_C && llvm::StringRef(compiler).rtrim("-.0123456789").ends_with("++"));
}

std::expected<std::vector<compile_command>, std::string> whole_data_base(const CompilationDatabase &data_base,
                                                                         const std::string &directory) {
  std::vector<compile_command> commands;
  std::map<std::string, std::size_t> place_of;
  std::vector<std::size_t> entries; // of each command's file
  for (const clang::tooling::CompileCommand &entry : data_base.getAllCompileCommands()) {
    if (!is_cxx(entry))
      continue;
    const std::string file = file_of(entry);
    const auto [known, is_new] = place_of.emplace(file, commands.size());
    if (is_new) {
      commands.push_back(read_entry(entry, file));
      entries.push_back(0);
    }
    ++entries[known->second];
  }
  for (std::size_t i = 0; i < commands.size(); ++i)
    if (entries[i] > 1)
      commands[i].notes.push_back("compile_commands.json compiles it " + std::to_string(entries[i]) +
                                  " times: the first command was taken");
  if (commands.empty())
    return std::unexpected("'" + directory + "/compile_commands.json' compiles no C++ file");
  return commands;
}

std::expected<compile_command, std::string>
from_data_base(const std::string &file, const CompilationDatabase &data_base, const std::string &directory) {
  const std::string absolute = fs::absolute(file).lexically_normal().string();
  const std::vector<clang::tooling::CompileCommand> entries = data_base.getCompileCommands(absolute);
  if (entries.empty())
    return std::unexpected("'" + file + "' is not in '" + directory +
                           "/compile_commands.json': name a file that the build compiles, or pass its flags after --");
  compile_command command = read_entry(entries.front(), absolute);
  if (!entries.front().Heuristic.empty())
    command.notes.push_back("'" + file + "' is not in '" + directory +
                            "/compile_commands.json'; its flags are those of a file like it (" +
                            entries.front().Heuristic + ")");
  return command;
}

std::expected<void, std::string> check_file(const std::string &file) {
  if (fs::is_regular_file(file))
    return {};
  return std::unexpected(fs::is_directory(file) ? "'" + file + "' is a directory: name a C++ source file"
                                                : "no file '" + file + "': name a C++ source file that exists");
}

compile_command with_flags(const std::string &file, const std::vector<std::string> &words) {
  compile_command command{.directory = fs::current_path().string(), .file = file};
  flags flags = compile_flags(words, command.directory);
  command.arguments = std::move(flags.kept);
  command.notes = std::move(flags.notes);
  command.problem = std::move(flags.problem);
  return command;
}

std::expected<std::vector<compile_command>, std::string> commands_of(const std::vector<std::string> &files,
                                                                     const command_source &source) {
  std::unique_ptr<CompilationDatabase> data_base;
  if (source.build_directory) {
    auto loaded = load(*source.build_directory);
    if (!loaded)
      return std::unexpected(loaded.error());
    data_base = std::move(*loaded);
    if (files.empty())
      return whole_data_base(*data_base, *source.build_directory);
  }
  std::vector<compile_command> commands;
  for (const std::string &file : files) {
    auto command = data_base ? from_data_base(file, *data_base, *source.build_directory)
                             : with_flags(file, source.fixed.value_or(source.defaults));
    if (!command)
      return std::unexpected(command.error());
    commands.push_back(std::move(*command));
  }
  return commands;
}

} // namespace

std::expected<std::vector<compile_command>, std::string> find_commands(const std::vector<std::string> &files,
                                                                       const command_source &source) {
  initialize_targets(); // the name of a cross compiler is one
  const auto driver = find_driver();
  if (!driver)
    return std::unexpected(driver.error());
  for (const std::string &file : files)
    if (auto readable = check_file(file); !readable)
      return std::unexpected(readable.error());
  auto commands = commands_of(files, source);
  if (!commands)
    return commands;
  for (compile_command &command : *commands) {
    command.arguments.insert(command.arguments.begin(), *driver); // whichever compiler the build uses
    command.arguments.insert(command.arguments.end(), source.extra.begin(), source.extra.end());
  }
  return commands;
}

} // namespace coroscope::frontend
