// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Starting programs with posix_spawn.
#include "process.h"
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

extern char **environ;

namespace coroscope::testing {

process::process(std::vector<std::string> command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) < 0)
    throw std::system_error(errno, std::system_category(), "pipe");
  std::vector<char *> arguments;
  for (std::string &each : command)
    arguments.push_back(each.data());
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const int error = ::posix_spawn(&id_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  output_ = ends[0];
  if (error != 0)
    throw std::system_error(error, std::system_category(), "starting " + command[0]);
}

process::process(process &&other) noexcept
    : id_(std::exchange(other.id_, -1)), output_(std::exchange(other.output_, -1)) {}

process::~process() {
  if (id_ > 0) {
    ::kill(id_, SIGKILL);
    wait();
  }
  if (output_ >= 0)
    ::close(output_);
}

std::string process::read_line() {
  std::string line;
  char byte = 0;
  while (::read(output_, &byte, 1) == 1 && byte != '\n')
    line += byte;
  return line;
}

std::string process::read_all() {
  std::string all;
  std::array<char, 65536> buffer;
  for (ssize_t count; (count = ::read(output_, buffer.data(), buffer.size())) > 0;)
    all.append(buffer.data(), static_cast<std::size_t>(count));
  return all;
}

int process::wait() {
  int status = 0;
  while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  id_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

proxy_process::proxy_process(int connections)
    : program_({COROSCOPE_PROXY, "--port=0", "--connections=" + std::to_string(connections)}) {
  const std::string line = program_.read_line();
  const std::string expected = "listening on 127.0.0.1:";
  if (!line.starts_with(expected))
    throw std::runtime_error("the proxy said '" + line + "' in place of '" + expected + "PORT'");
  port_ = static_cast<std::uint16_t>(std::stoul(line.substr(expected.size())));
}

process start_curl(const proxy_process &proxy, std::vector<std::string> arguments) {
  std::vector<std::string> command{
      COROSCOPE_CURL, "--disable", "--silent", "--show-error",
      "--noproxy",    "",          "--proxy",  "http://127.0.0.1:" + std::to_string(proxy.port())};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return process(std::move(command));
}

curl_result curl(const proxy_process &proxy, std::vector<std::string> arguments) {
  process running = start_curl(proxy, std::move(arguments));
  std::string output = running.read_all();
  return {running.wait(), std::move(output)};
}

} // namespace coroscope::testing
