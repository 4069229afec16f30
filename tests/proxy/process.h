// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Other programs, started and awaited: the proxy under test, and curl.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace coroscope::testing {

/// A program with its standard output in a pipe. Killed when it is destroyed before it has ended.
class process {
public:
  explicit process(std::vector<std::string> command);
  process(process &&other) noexcept;
  process &operator=(process &&) = delete;
  ~process();

  /// Without the line end.
  std::string read_line();
  std::string read_all();
  /// The exit code, or 128 plus the signal.
  int wait();

private:
  pid_t id_ = -1;
  int output_ = -1;
};

/// The proxy sample on a port of its own choice.
class proxy_process {
public:
  /// It ends after that many connections.
  explicit proxy_process(int connections);
  std::uint16_t port() const noexcept { return port_; }
  int wait() { return program_.wait(); }

private:
  process program_;
  std::uint16_t port_;
};

struct curl_result {
  int exit_code;
  std::string output;
};

/// curl, starting to run, with the proxy and these further arguments.
process start_curl(const proxy_process &proxy, std::vector<std::string> arguments);
curl_result curl(const proxy_process &proxy, std::vector<std::string> arguments);

} // namespace coroscope::testing
