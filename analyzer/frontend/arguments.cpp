// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/arguments.h"

#include <clang/Options/Options.h>
#include <clang/Tooling/Tooling.h>
#include <llvm/Option/ArgList.h>
#include <llvm/Option/OptTable.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/VirtualFileSystem.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

using namespace clang::options;

/// "/usr/bin/g++-13.exe" -> "g++"
std::string base_name(llvm::StringRef program) {
  llvm::StringRef name = llvm::sys::path::filename(program);
  name.consume_back(".exe");
  name = name.rtrim("0123456789.");
  name.consume_back("-");
  return name.lower();
}

bool is_compiler(llvm::StringRef program) {
  const std::string name = base_name(program);
  static constexpr llvm::StringRef known[] = {"g++", "gcc", "c++", "cc",   "clang++", "clang", "clang-cl",
                                              "cl",  "icl", "icc", "icpc", "icpx",    "icx",   "nvcc"};
  return std::ranges::any_of(known, [&](llvm::StringRef compiler) {
    return name == compiler || llvm::StringRef(name).ends_with(("-" + compiler).str());
  });
}

/// What belongs to one build and not to the question.
bool is_left_out(const llvm::opt::Option &option) {
  static constexpr unsigned groups[] = {OPT_Action_Group, OPT_M_Group, OPT_O_Group};
  static constexpr unsigned options[] = {OPT_INPUT,           OPT_o,
                                         OPT_save_temps,      OPT_save_temps_EQ,
                                         OPT_gsplit_dwarf,    OPT_gsplit_dwarf_EQ,
                                         OPT_gmodules,        OPT_fmodule_output,
                                         OPT_pedantic_errors, OPT_fmodule_output_EQ,
                                         OPT_ftime_trace,     OPT__HASH_HASH_HASH,
                                         OPT_ftime_trace_EQ,  OPT__serialize_diags,
                                         OPT__DASH_DASH,      OPT_fstack_usage};
  const auto matches = [&](unsigned id) { return option.matches(id); };
  return std::ranges::any_of(groups, matches) || std::ranges::any_of(options, matches);
}

bool makes_errors(llvm::StringRef word) { return word == "-Werror" || word.starts_with("-Werror="); }

} // namespace

split_command split_compiler(std::vector<std::string> command) {
  if (command.empty())
    return {};
  const auto options =
      std::ranges::find_if(command, [](const std::string &word) { return llvm::StringRef(word).starts_with("-"); });
  auto compiler = command.begin();
  for (auto word = command.begin(); word != options; ++word)
    if (is_compiler(*word)) {
      compiler = word;
      break;
    }
  split_command split{.compiler = std::move(*compiler)};
  split.words.assign(std::move_iterator(compiler + 1), std::move_iterator(command.end()));
  return split;
}

bool is_clang(const std::string &compiler) { return llvm::StringRef(base_name(compiler)).contains("clang"); }

std::string foreign_syntax(const std::string &compiler) {
  const std::string name = base_name(compiler);
  if (name == "cl" || name == "clang-cl" || name == "icl")
    return "its command is one of " + name +
           ", whose options are Microsoft's and are not read: take a compile_commands.json of a build with clang++ or "
           "g++, or pass the flags behind --";
  if (name == "nvcc")
    return "its command is one of nvcc, whose options are CUDA's own and are not read: pass the flags of its host part "
           "behind --";
  return "";
}

flags compile_flags(std::vector<std::string> words, const std::string &directory) {
  flags found;
  words.insert(words.begin(), "clang++"); // the program is no response file
  clang::tooling::addExpandedResponseFiles(words, directory, llvm::cl::TokenizeGNUCommandLine,
                                           *llvm::vfs::getRealFileSystem());
  std::vector<const char *> pointers;
  for (const std::string &word : words)
    pointers.push_back(word.c_str());
  unsigned missing_index = 0;
  unsigned missing_count = 0;
  const llvm::opt::InputArgList list = clang::getDriverOptTable().ParseArgs(
      llvm::ArrayRef(pointers).drop_front(), missing_index, missing_count, llvm::opt::Visibility(ClangOption));
  for (auto argument = list.begin(); argument != list.end(); ++argument) {
    const llvm::opt::Option &option = (*argument)->getOption();
    const std::size_t begin = (*argument)->getIndex() + 1;
    const std::size_t end =
        std::next(argument) == list.end() ? words.size() - missing_count : (*std::next(argument))->getIndex() + 1;
    if (option.matches(OPT_INPUT) && words[begin].starts_with("@"))
      found.problem = "its command names the response file '" + words[begin].substr(1) +
                      "', which cannot be read: build the project first";
    if (option.matches(OPT_fmodules))
      found.notes.emplace_back("-fmodules is left out: headers are read as text");
    else if (!is_left_out(option) && !makes_errors(words[begin]))
      found.kept.insert(found.kept.end(), words.begin() + static_cast<std::ptrdiff_t>(begin),
                        words.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return found;
}

} // namespace coroscope::frontend
