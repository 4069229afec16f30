// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which back ends there are here: a child process tries io_uring, so that its message is not seen.
#include "on_each_backend.h"
#include <coroscope/event_loop.h>
#include <cstdio>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace coroscope::testing {

namespace {

/// ThreadSanitizer keeps signals back until the next call that it knows to wait, and select is none.
#if defined(__SANITIZE_THREAD__)
constexpr bool delays_signals = true;
#elif defined(__has_feature)
constexpr bool delays_signals = __has_feature(thread_sanitizer);
#else
constexpr bool delays_signals = false;
#endif

bool has_io_uring() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(STDERR_FILENO);
    const event_loop loop(event_loop::time_source::steady_clock, io_backend::io_uring);
    ::_exit(loop.backend() == io_backend::io_uring ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

const std::vector<io_backend> &available() {
  static const std::vector<io_backend> those = [] {
    std::vector<io_backend> found = {io_backend::epoll, io_backend::poll};
    if (!delays_signals) // and select would sleep on
      found.push_back(io_backend::select);
    if (has_io_uring())
      found.push_back(io_backend::io_uring);
    else
      std::fputs("runtime_tests: there is no io_uring here; its tests run on the other back ends\n", stderr);
    return found;
  }();
  return those;
}

} // namespace

environment_variable::environment_variable(const char *name, const char *value) : name_(name) {
  const char *const before = std::getenv(name);
  was_set_ = before != nullptr;
  before_ = before ? before : "";
  if (value)
    ::setenv(name, value, 1);
  else
    ::unsetenv(name);
}

environment_variable::~environment_variable() {
  if (was_set_)
    ::setenv(name_, before_.c_str(), 1);
  else
    ::unsetenv(name_);
}

on_each_backend::on_each_backend()
    : backend_(GENERATE(from_range(available()))), chosen_("COROSCOPE_BACKEND", std::string(name_of(backend_)).c_str()),
      message_(Catch::MessageBuilder("INFO", CATCH_INTERNAL_LINEINFO, Catch::ResultWas::Info)
               << "with the back end " << name_of(backend_)) {}

} // namespace coroscope::testing
