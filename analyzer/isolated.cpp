// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A child is a fork and no new program: LLVM's libraries are loaded and relocated already, which is most of what
// starting the tool costs. Its answer and what it prints go to memory files, which take any amount while nobody reads.
#include "isolated.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace coroscope {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t kept_of_what_it_said = 16 << 10;

/// Owns a file descriptor.
class descriptor {
public:
  descriptor() = default;
  explicit descriptor(int number) : number_(number) {}
  descriptor(descriptor &&other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor &operator=(descriptor &&other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~descriptor() {
    if (number_ >= 0)
      close(number_);
  }
  [[nodiscard]] int get() const { return number_; }

private:
  int number_ = -1;
};

descriptor memory_file() { return descriptor(memfd_create("coroscope", MFD_CLOEXEC)); }

/// The last `most` bytes of the file.
std::string end_of(const descriptor &file, std::size_t most) {
  const off_t size = lseek(file.get(), 0, SEEK_END);
  std::string text(std::min(static_cast<std::size_t>(std::max<off_t>(size, 0)), most), '\0');
  std::size_t got = 0;
  while (got < text.size()) {
    const ssize_t step = pread(file.get(), text.data() + got, text.size() - got,
                               size - static_cast<off_t>(text.size()) + static_cast<off_t>(got));
    if (step <= 0)
      break;
    got += static_cast<std::size_t>(step);
  }
  text.resize(got);
  return text;
}

bool write_all(const descriptor &file, const std::string &text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t step = write(file.get(), text.data() + written, text.size() - written);
    if (step < 0)
      return false;
    written += static_cast<std::size_t>(step);
  }
  return true;
}

struct child {
  std::size_t number = 0;
  pid_t pid = -1;
  descriptor handle; ///< readable when it has ended
  descriptor answer, said;
  std::optional<clock::time_point> deadline;
  bool timed_out = false;
};

[[noreturn]] void be_child(const child &self, pid_t parent, const std::function<std::string(std::size_t)> &work) {
  for (const int ours : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGINT, SIGSEGV, SIGTERM})
    std::signal(ours, SIG_DFL); // what the parent does at its own crash is not for the child's
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(1);
  const rlimit no_core_file = {};
  setrlimit(RLIMIT_CORE, &no_core_file);
  dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
  dup2(self.said.get(), STDOUT_FILENO);
  dup2(self.said.get(), STDERR_FILENO);
  try {
    _exit(write_all(self.answer, work(self.number)) ? 0 : 1); // what the work made is not taken apart first
  } catch (const std::exception &error) {
    dprintf(STDERR_FILENO, "%s\n", error.what());
  }
  _exit(1);
}

/// pid -1 where the system has no room for another process; `said` then tells.
child start(std::size_t number, const isolation &limits, const std::function<std::string(std::size_t)> &work) {
  child started{.number = number, .answer = memory_file(), .said = memory_file()};
  if (limits.timeout.count() > 0)
    started.deadline = clock::now() + limits.timeout;
  const pid_t parent = getpid();
  started.pid = fork();
  if (started.pid == 0)
    be_child(started, parent, work);
  if (started.pid < 0)
    dprintf(started.said.get(), "no process could be started: %s\n", std::strerror(errno));
  else
    started.handle = descriptor(static_cast<int>(syscall(SYS_pidfd_open, started.pid, 0)));
  return started;
}

child_result result_of(const child &ended) {
  child_result result{.timed_out = ended.timed_out};
  int status = -1;
  while (ended.pid > 0 && waitpid(ended.pid, &status, 0) < 0)
    if (errno != EINTR)
      break;
  if (ended.pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
    result.answer = end_of(ended.answer, static_cast<std::size_t>(-1));
  else if (ended.pid > 0 && WIFSIGNALED(status))
    result.signal = WTERMSIG(status);
  result.said = end_of(ended.said, kept_of_what_it_said);
  return result;
}

child take(std::vector<child> &running, std::size_t place) {
  child taken = std::move(running[place]);
  running.erase(running.begin() + static_cast<std::ptrdiff_t>(place));
  return taken;
}

/// Takes out one that has ended; kills those that are overdue while it waits for that.
child next_ended(std::vector<child> &running) {
  for (std::size_t i = 0; i < running.size(); ++i)
    if (running[i].handle.get() < 0) // it was not started, or can only be waited for in its turn
      return take(running, i);
  while (true) {
    std::vector<pollfd> handles;
    int wait = -1;
    for (const child &child : running) {
      handles.push_back({.fd = child.handle.get(), .events = POLLIN, .revents = 0});
      if (!child.deadline || child.timed_out)
        continue;
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*child.deadline - clock::now()).count();
      const int milliseconds = static_cast<int>(std::clamp<long>(left, 0, 60'000));
      wait = wait < 0 ? milliseconds : std::min(wait, milliseconds);
    }
    poll(handles.data(), handles.size(), wait);
    for (std::size_t i = 0; i < running.size(); ++i) {
      child &child = running[i];
      if (handles[i].revents != 0)
        return take(running, i);
      if (child.deadline && !child.timed_out && clock::now() >= *child.deadline) {
        child.timed_out = true;
        kill(child.pid, SIGKILL);
      }
    }
  }
}

} // namespace

void run_isolated(std::size_t count, isolation limits, const std::function<std::string(std::size_t)> &work,
                  const std::function<void(std::size_t, child_result)> &done) {
  if (limits.jobs == 0) {
    for (std::size_t number = 0; number < count; ++number)
      done(number, {.answer = work(number)});
    return;
  }
  std::vector<child> running;
  std::size_t next = 0;
  while (next < count || !running.empty()) {
    if (next < count && running.size() < limits.jobs) {
      running.push_back(start(next++, limits, work));
      continue;
    }
    const child ended = next_ended(running);
    done(ended.number, result_of(ended));
  }
}

} // namespace coroscope
