// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The output goes through unnamed files: a pipe would need someone to read it while the program runs.
#include "run_program.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace coroscope::test {
namespace {

const std::filesystem::path began_in = std::filesystem::current_path();

using unnamed_file = std::unique_ptr<std::FILE, decltype([](std::FILE *file) { std::fclose(file); })>;

std::string text_of(std::FILE *file) {
  std::string text;
  std::rewind(file);
  for (int c; (c = std::fgetc(file)) != EOF;)
    text.push_back(static_cast<char>(c));
  return text;
}

[[noreturn]] void become(const std::vector<std::string> &arguments, const std::optional<std::string> &trace,
                         std::FILE *out, std::FILE *err) {
  dup2(fileno(out), STDOUT_FILENO);
  dup2(fileno(err), STDERR_FILENO);
  if (trace)
    setenv("COROSCOPE_TRACE", trace->c_str(), 1);
  else
    unsetenv("COROSCOPE_TRACE");
  std::vector<char *> pointers;
  for (const std::string &argument : arguments)
    pointers.push_back(const_cast<char *>(argument.c_str()));
  pointers.push_back(nullptr);
  execv(pointers[0], pointers.data());
  _exit(127);
}

} // namespace

program_result run_program(const std::vector<std::string> &arguments, const std::optional<std::string> &trace) {
  const unnamed_file out(std::tmpfile());
  const unnamed_file err(std::tmpfile());
  if (!out || !err)
    throw std::runtime_error("no room for a temporary file");
  const pid_t pid = fork();
  if (pid == 0)
    become(arguments, trace, out.get(), err.get());
  int status = 0;
  if (pid < 0 || waitpid(pid, &status, 0) != pid)
    throw std::runtime_error("cannot run " + arguments[0]);
  program_result result;
  result.pid = pid;
  if (WIFEXITED(status))
    result.status = WEXITSTATUS(status);
  else
    result.signal = WTERMSIG(status);
  result.out = text_of(out.get());
  result.err = text_of(err.get());
  return result;
}

std::string fresh_file(const std::string &name) {
  static struct removed_at_exit {
    std::vector<std::string> paths;
    ~removed_at_exit() {
      for (const std::string &path : paths)
        std::filesystem::remove_all(path);
    }
  } made;
  made.paths.push_back(
      (began_in / (std::to_string(getpid()) + "." + std::to_string(made.paths.size()) + "." + name)).string());
  return made.paths.back();
}

} // namespace coroscope::test
