// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A command of GCC has flags that clang refuses. Which ones, the driver says and, of values that it hands on, the
// compiler proper; they are asked again without them.
#include "frontend/driver.h"

#include <clang/Basic/Diagnostic.h>
#include <clang/Basic/DiagnosticFrontend.h>
#include <clang/Basic/DiagnosticOptions.h>
#include <clang/Basic/TargetInfo.h>
#include <clang/Driver/Compilation.h>
#include <clang/Driver/Driver.h>
#include <clang/Driver/DriverDiagnostic.h>
#include <clang/Driver/Job.h>
#include <clang/Frontend/CompilerInvocation.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Program.h>
#include <llvm/Support/VirtualFileSystem.h>
#include <llvm/TargetParser/Host.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

bool is_header(llvm::StringRef file) {
  return file.ends_with(".h") || file.ends_with(".hpp") || file.ends_with(".hh") || file.ends_with(".hxx");
}

/// What was refused: an option, or its value, which may be one of a list; a value may come without its option.
struct refusal {
  std::string option, value;
};

/// The complaints of one compilation, and what it refused.
class complaints : public clang::DiagnosticConsumer {
public:
  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic &info) override {
    if (level < clang::DiagnosticsEngine::Error)
      return;
    llvm::SmallString<128> text;
    info.FormatDiagnostic(text);
    if (first.empty())
      first = text.str().str();
    switch (info.getID()) {
    case clang::diag::err_drv_unknown_argument:
    case clang::diag::err_drv_unknown_argument_with_suggestion:
    case clang::diag::err_drv_unsupported_opt:
    case clang::diag::err_drv_unsupported_opt_with_suggestion:
    case clang::diag::err_drv_unsupported_opt_for_target:
      refused.push_back({argument(info, 0), ""});
      break;
    case clang::diag::err_drv_unsupported_option_argument:
    case clang::diag::err_drv_invalid_value:
      refused.push_back({argument(info, 0), argument(info, 1)});
      break;
    case clang::diag::err_target_unknown_cpu:
    case clang::diag::err_target_unknown_fpmath:
    case clang::diag::err_target_unsupported_fpmath:
      refused.push_back({"", argument(info, 0)});
      break;
    default:
      break;
    }
  }

  std::string first; ///< "" where there is none
  std::vector<refusal> refused;

private:
  static std::string argument(const clang::Diagnostic &info, unsigned number) {
    if (number >= info.getNumArgs())
      return "";
    switch (info.getArgKind(number)) {
    case clang::DiagnosticsEngine::ak_std_string:
      return info.getArgStdStr(number);
    case clang::DiagnosticsEngine::ak_c_string:
      return info.getArgCStr(number);
    default:
      return "";
    }
  }
};

/// Takes the flag out of `words`; false where it does not stand there.
bool take_out(const std::string &flag, std::vector<std::string> &words) {
  const auto place = std::ranges::find(words, flag);
  if (place != words.end()) {
    words.erase(place);
    return true;
  }
  for (std::size_t i = 0; i + 1 < words.size(); ++i) // the driver writes a value in its own word behind a blank
    if (words[i] + " " + words[i + 1] == flag || words[i] + words[i + 1] == flag) {
      words.erase(words.begin() + static_cast<std::ptrdiff_t>(i), words.begin() + static_cast<std::ptrdiff_t>(i) + 2);
      return true;
    }
  return false;
}

/// Takes `value` out of the list behind `option` in one of `words`, and the word where nothing is left of it.
bool take_out_of_list(const std::string &option, const std::string &value, std::vector<std::string> &words) {
  for (auto word = words.begin(); word != words.end(); ++word) {
    llvm::StringRef list(*word);
    if (option.empty() || !list.consume_front(option))
      continue;
    llvm::SmallVector<llvm::StringRef> values;
    list.split(values, ',');
    const auto place = std::ranges::find(values, value);
    if (place == values.end())
      continue;
    values.erase(place);
    std::string rest = values.empty() ? "" : option + llvm::join(values, ",");
    if (rest.empty())
      words.erase(word);
    else
      *word = std::move(rest);
    return true;
  }
  return false;
}

/// Takes what is refused out of `words`. Returns the flag that it was, "" where it does not stand there.
std::string take_out(const refusal &refused, std::vector<std::string> &words) {
  for (const std::string &flag : {refused.option + refused.value, refused.option})
    if (!flag.empty() && take_out(flag, words))
      return flag;
  if (refused.value.empty())
    return "";
  if (take_out_of_list(refused.option, refused.value, words))
    return refused.option + refused.value;
  // The compiler proper has names of its own for some options.
  const auto has_value = [&](const std::string &word) {
    return llvm::StringRef(word).starts_with("-") && llvm::StringRef(word).ends_with("=" + refused.value);
  };
  const auto place = std::ranges::find_if(words, has_value);
  if (place == words.end())
    return "";
  std::string flag = *place;
  words.erase(place);
  return flag;
}

/// Profiles of another compiler, which clang cannot read.
std::vector<std::string> take_out_profiles(std::vector<std::string> &words) {
  std::vector<std::string> taken;
  std::erase_if(words, [&](const std::string &word) {
    const bool is_profile =
        llvm::StringRef(word).starts_with("-fprofile-use") || llvm::StringRef(word).starts_with("-fauto-profile");
    if (is_profile)
      taken.push_back(word);
    return is_profile;
  });
  return taken;
}

/// What the compiler proper has against `arguments`.
void ask_compiler(const std::vector<std::string> &arguments, complaints &complaints) {
  clang::DiagnosticOptions options;
  clang::DiagnosticsEngine diagnostics(clang::DiagnosticIDs::create(), options, &complaints, /*ShouldOwnClient=*/false);
  std::vector<const char *> pointers;
  for (const std::string &argument : arguments)
    pointers.push_back(argument.c_str());
  clang::CompilerInvocation invocation;
  if (clang::CompilerInvocation::CreateFromArgs(invocation, pointers, diagnostics)) {
    const llvm::IntrusiveRefCntPtr<clang::TargetInfo> target(
        clang::TargetInfo::CreateTargetInfo(diagnostics, invocation.getTargetOpts()));
  }
}

/// Of one call of the driver. Empty where it complains.
std::vector<std::string> compiler_arguments(const compile_command &command, const std::string &level,
                                            complaints &complaints) {
  clang::DiagnosticOptions options;
  clang::DiagnosticsEngine diagnostics(clang::DiagnosticIDs::create(), options, &complaints, /*ShouldOwnClient=*/false);
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files = llvm::vfs::createPhysicalFileSystem();
  if (files->setCurrentWorkingDirectory(command.directory)) {
    diagnostics.Report(diagnostics.getCustomDiagID(clang::DiagnosticsEngine::Error, "no directory '%0' to compile in"))
        << command.directory;
    return {};
  }
  // Clang's own files are found from where the program is, not from where a link to it is.
  llvm::SmallString<128> program;
  if (llvm::sys::fs::real_path(command.arguments.front(), program))
    program = command.arguments.front();
  clang::driver::Driver driver(program, llvm::sys::getDefaultTargetTriple(), diagnostics, "coroscope", files);
  const std::vector<std::string> words = driver_arguments(command, level);
  std::vector<const char *> pointers;
  for (const std::string &word : words)
    pointers.push_back(word.c_str());
  const std::unique_ptr<clang::driver::Compilation> compilation(driver.BuildCompilation(pointers));
  if (!compilation || diagnostics.hasErrorOccurred())
    return {};
  for (const clang::driver::Command &job : compilation->getJobs())
    if (!job.getArguments().empty() && llvm::StringRef(job.getArguments().front()) == "-cc1")
      return {job.getArguments().begin() + 1, job.getArguments().end()};
  complaints.first = "'" + command.file + "' is no C++ source by its name: name a .cpp, .cc, .cxx or header";
  return {};
}

} // namespace

std::expected<std::string, std::string> find_driver() {
  if (const auto found = llvm::sys::findProgramByName("clang++-22"))
    return *found;
  if (std::string installed = COROSCOPE_LLVM_BINDIR "/clang++"; llvm::sys::fs::can_execute(installed))
    return installed;
  return std::unexpected("no clang++-22 on this machine: install clang 22 (Debian, Ubuntu: apt-get install clang-22)");
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

std::expected<driver_answer, std::string> ask_driver(const compile_command &command, const std::string &level) {
  compile_command accepted = command;
  driver_answer answer;
  if (command.may_leave_out)
    answer.left_out = take_out_profiles(accepted.arguments);
  while (true) {
    complaints complaints;
    answer.arguments = compiler_arguments(accepted, level, complaints);
    const bool is_accepted = complaints.first.empty() && !answer.arguments.empty();
    if (is_accepted && command.may_leave_out)
      ask_compiler(answer.arguments, complaints);
    const std::size_t known = answer.left_out.size();
    if (command.may_leave_out)
      for (const refusal &refused : complaints.refused)
        if (std::string flag = take_out(refused, accepted.arguments); !flag.empty())
          answer.left_out.push_back(std::move(flag));
    if (answer.left_out.size() != known)
      continue;
    if (!is_accepted)
      return std::unexpected(complaints.first.empty() ? "the compiler driver made no compilation of this command"
                                                      : complaints.first);
    answer.known = std::move(accepted.arguments);
    return answer;
  }
}

} // namespace coroscope::frontend
