// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "traced_program.h"

#include "frontend/driver.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coroscope {
namespace {

volatile std::sig_atomic_t running_child = 0;

/// A terminal sends Ctrl-C to the whole group, the program included; what was sent to us alone is passed on.
void pass_on(int signal, siginfo_t *info, void *) {
  const bool from_terminal = info->si_code == SI_KERNEL;
  if (!from_terminal && running_child > 0)
    kill(running_child, signal);
}

constexpr int passed_signals[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

/// While alive, the signals that end a program go to the child.
class signal_guard {
public:
  signal_guard() {
    struct sigaction action = {};
    action.sa_sigaction = pass_on;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    for (std::size_t i = 0; i < std::size(passed_signals); ++i)
      sigaction(passed_signals[i], &action, &before_[i]);
  }
  ~signal_guard() {
    running_child = 0;
    restore();
  }
  signal_guard(const signal_guard &) = delete;
  signal_guard &operator=(const signal_guard &) = delete;

  /// Also what the child does before it becomes the program.
  void restore() const {
    for (std::size_t i = 0; i < std::size(passed_signals); ++i)
      sigaction(passed_signals[i], &before_[i], nullptr);
  }

private:
  struct sigaction before_[std::size(passed_signals)];
};

std::vector<char *> c_arguments(const std::vector<std::string> &arguments) {
  std::vector<char *> pointers;
  for (const std::string &argument : arguments)
    pointers.push_back(const_cast<char *>(argument.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

/// Runs a command to its end. `prepare` runs in the child before the command.
std::expected<program_end, std::string> run(const std::vector<std::string> &command, auto prepare) {
  const std::vector<char *> arguments = c_arguments(command);
  const auto failed = [&](int error) {
    return std::unexpected("cannot start '" + command.front() + "': " + std::strerror(error));
  };
  int started[2]; // closed by a successful exec, else it brings the errno
  if (pipe2(started, O_CLOEXEC) != 0)
    return failed(errno);
  const signal_guard guard;
  const pid_t child = fork();
  if (child == 0) {
    guard.restore();
    prepare();
    execvp(arguments[0], arguments.data());
    const int error = errno;
    _exit(write(started[1], &error, sizeof error) == sizeof error ? 127 : 126);
  }
  int error = child < 0 ? errno : 0;
  running_child = child;
  close(started[1]);
  while (child > 0 && read(started[0], &error, sizeof error) < 0 && errno == EINTR)
    ;
  close(started[0]);
  if (child < 0)
    return failed(error);
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return std::unexpected("lost '" + command.front() + "': " + std::strerror(errno));
  if (error != 0)
    return failed(error);
  if (WIFSIGNALED(status))
    return program_end{.exit_code = 128 + WTERMSIG(status), .signal = WTERMSIG(status)};
  return program_end{.exit_code = WEXITSTATUS(status)};
}

std::expected<void, build_failure> run_compiler(const std::vector<std::string> &command, const std::string &directory,
                                                bool is_users_source, const std::string &complaint) {
  const auto end = run(command, [&] {
    dup2(STDERR_FILENO, STDOUT_FILENO); // the caller's stdout is the program's alone
    if (chdir(directory.c_str()) != 0)
      _exit(127);
  });
  if (!end)
    return std::unexpected(build_failure{.message = end.error()});
  if (end->signal == SIGINT || end->signal == SIGTERM)
    return std::unexpected(build_failure{.message = "stopped while compiling"});
  if (end->exit_code != 0)
    return std::unexpected(build_failure{.is_users_source = is_users_source && end->signal == 0, .message = complaint});
  return {};
}

std::expected<void, build_failure> compile(const program_request &request, const frontend::compile_command &command,
                                           const std::filesystem::path &object) {
  if (!command.problem.empty())
    return std::unexpected(build_failure{.message = "'" + command.file + "': " + command.problem});
  const auto answer = frontend::ask_driver(command, request.level);
  std::vector<std::string> arguments = answer ? answer->known : command.arguments; // else the compiler says why
  for (const std::string &added :
       {"-" + request.level, std::string("-g"), "-fpass-plugin=" + request.kit.plugin.string(), std::string("-c"),
        command.file, std::string("-o"), object.string()})
    arguments.push_back(added);
  request.progress("compiling " + command.file + " with events");
  return run_compiler(arguments, command.directory, /*is_users_source=*/true,
                      "'" + command.file + "' does not compile; the compiler's messages are above");
}

} // namespace

std::expected<void, build_failure> build_program(const program_request &request, const std::filesystem::path &output) {
  std::vector<std::string> objects;
  std::vector<std::string> link_flags;
  std::string driver;
  const auto commands = frontend::find_commands(request.files, request.commands);
  if (!commands)
    return std::unexpected(build_failure{.message = commands.error()});
  for (const frontend::compile_command &command : *commands) {
    driver = command.arguments.front();
    // Such flags (-fsanitize, -stdlib) speak to the linker too.
    link_flags.assign(command.arguments.begin() + 1, command.arguments.end());
    const std::filesystem::path object = output.string() + "." + std::to_string(objects.size()) + ".o";
    if (auto compiled = compile(request, command, object); !compiled)
      return compiled;
    objects.push_back(object.string());
  }
  std::vector<std::string> arguments = {driver, "-Wno-unused-command-line-argument"};
  arguments.insert(arguments.end(), link_flags.begin(), link_flags.end());
  arguments.insert(arguments.end(), objects.begin(), objects.end());
  arguments.insert(arguments.end(), request.link_arguments.begin(), request.link_arguments.end());
  for (const std::filesystem::path &library : request.kit.libraries)
    arguments.push_back(library.string());
  arguments.insert(arguments.end(), request.kit.link_flags.begin(), request.kit.link_flags.end());
  for (const std::string &added : {std::string("-pthread"), std::string("-o"), output.string()})
    arguments.push_back(added);
  request.progress("linking");
  return run_compiler(arguments, ".", /*is_users_source=*/false,
                      "the program does not link; the linker's messages are above. Name every source file of the "
                      "program, and libraries as --link-arg=-lNAME");
}

std::expected<program_end, std::string> run_program(const std::vector<std::string> &command,
                                                    const recording_request &recording) {
  const std::string frames = std::to_string(recording.frame_limit) + ":" + std::to_string(recording.frame_budget);
  const std::string ring = std::to_string(recording.ring);
  return run(command, [&] {
    if (recording.ring != 0)
      setenv("COROSCOPE_TRACE_RING", ring.c_str(), 1);
    else
      unsetenv("COROSCOPE_TRACE_RING");
    if (recording.file.empty())
      unsetenv("COROSCOPE_TRACE"), unsetenv("COROSCOPE_TRACE_KEEP");
    else
      setenv("COROSCOPE_TRACE", recording.file.c_str(), 1), setenv("COROSCOPE_TRACE_KEEP", "1", 1);
    if (recording.frame_limit == 0)
      unsetenv("COROSCOPE_TRACE_FRAMES");
    else
      setenv("COROSCOPE_TRACE_FRAMES", frames.c_str(), 1);
  });
}

} // namespace coroscope
