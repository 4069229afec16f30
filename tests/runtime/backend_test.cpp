// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which back end a loop has, what it says where it cannot have it, and where one has limits. What all of them do is
// tested where it is done, once on each.
#include "captured_stderr.h"
#include "on_each_backend.h"
#include "streams.h"
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/unix_listener.h>
#include <coroscope/unix_stream.h>
#include <coroscope/when_all.h>
#include <cstddef>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<io_backend> current_backend() { co_return current_loop().backend(); }

/// From now on, and in what this process starts, the kernel does not have this system call.
bool forbid(unsigned call) {
  std::array<sock_filter, 4> filter = {{{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
                                        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, call},
                                        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS},
                                        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}}};
  sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

/// The exit code of `function()` in a process of its own.
template <class Function> int in_a_child(Function function) {
  const pid_t child = ::fork();
  if (child == 0)
    ::_exit(function());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

TEST_CASE_METHOD(on_each_backend, "a loop has the back end that COROSCOPE_BACKEND names") {
  CHECK(run(current_backend()) == backend_);
}

TEST_CASE("a loop has the back end that it is given, whatever COROSCOPE_BACKEND names") {
  const environment_variable chosen("COROSCOPE_BACKEND", "select");
  CHECK(run(current_backend(), io_backend::poll) == io_backend::poll);
  event_loop loop(event_loop::time_source::virtual_clock, io_backend::epoll);
  CHECK(loop.backend() == io_backend::epoll);
}

TEST_CASE("a loop has epoll where COROSCOPE_BACKEND is not set or empty") {
  for (const char *value : {static_cast<const char *>(nullptr), ""}) {
    const environment_variable chosen("COROSCOPE_BACKEND", value);
    CHECK(run(current_backend()) == io_backend::epoll);
  }
}

TEST_CASE("a COROSCOPE_BACKEND that names none is an error that names the four") {
  const environment_variable chosen("COROSCOPE_BACKEND", "kqueue");
  CHECK_THROWS_WITH(run(current_backend()),
                    "coroscope: the environment variable COROSCOPE_BACKEND is 'kqueue'; it must "
                    "be select, poll, epoll or io_uring");
}

TEST_CASE("without io_uring a loop that asks for it has epoll, and the process says so once") {
  // Where the second is missing, the kernel cannot be given buffers.
  const unsigned missing = GENERATE(as<unsigned>(), SYS_io_uring_setup, SYS_io_uring_register);
  const int code = in_a_child([&] {
    if (!forbid(missing))
      return 1;
    const std::string said = captured_stderr([] {
      for (int i = 0; i < 3; ++i)
        if (run(current_backend(), io_backend::io_uring) != io_backend::epoll)
          ::_exit(2);
    });
    if (said.find("coroscope: io_uring cannot be used: ") != 0 || said.find("epoll is used") == std::string::npos)
      return 3;
    return said.find('\n') == said.size() - 1 ? 0 : 4;
  });
  CHECK(code == 0);
}

TEST_CASE("select refuses a descriptor that is beyond its limit, and serves the others") {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit raised = before;
  raised.rlim_cur = std::max<rlim_t>(before.rlim_cur, FD_SETSIZE + 64);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &raised) == 0);
  run(
      []() -> task<> {
        tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
        auto [client, server] = co_await when_all(tcp_stream::connect(listener.local()), listener.accept());
        std::vector<int> fill = {::dup(0)};
        while (fill.back() < FD_SETSIZE)
          fill.push_back(::dup(0));
        std::string message;
        try {
          co_await tcp_listener::bind({ip_address::loopback(), 0}).accept();
        } catch (const std::system_error &error) {
          message = error.what();
        }
        CHECK_THAT(message, Catch::Matchers::Contains("below 1024; use the back end poll, epoll or io_uring"));
        for (const int fd : fill)
          ::close(fd);
        std::array<char, 16> buffer;
        const auto read = [&](tcp_stream &from) -> task<std::size_t> { co_return co_await from.read_some(buffer); };
        const auto write = [](tcp_stream &to) -> task<> { co_await to.write_all("served"); };
        const auto [count, nothing] = co_await when_all(read(server), write(client));
        CHECK(count == 6);
      }(),
      io_backend::select);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_CASE_METHOD(on_each_backend, "a descriptor is closed when it is said to be, whatever waits on it") {
  run([]() -> task<> {
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    const ip_endpoint where = listener.local();
    auto accepting = spawn([](tcp_listener &on) -> task<> { co_await on.accept(); }(listener));
    co_await sleep_for(1ms); // the back end knows of it
    listener.close();
    CHECK_NOTHROW(tcp_listener::bind(where)); // the port is free, in the same turn of the loop
    CHECK_THROWS_AS(co_await accepting, std::system_error);
  }());
}

TEST_CASE_METHOD(on_each_backend, "a loop runs in one thread and then in another") {
  event_loop loop;
  tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
  const auto serve_one = [](tcp_listener &on) -> task<> {
    auto [client, server] = co_await when_all(tcp_stream::connect(on.local()), on.accept());
    co_await server.write_all("served");
    const std::size_t got = co_await read_once(client);
    CHECK(got == 6);
  };
  for (int i = 0; i < 3; ++i)
    std::thread([&] { loop.run(serve_one(listener)); }).join();
  loop.run(serve_one(listener));
}

namespace {

/// Both ends of hundreds of connections.
struct crowd {
  static constexpr int pairs = 300;
  std::vector<unix_stream> near;
  std::vector<unix_stream> far;

  task<> connect() {
    const auto where = unix_address::abstract("coroscope-crowd-" + std::to_string(::getpid()));
    unix_listener listener = unix_listener::bind(where);
    for (int i = 0; i < pairs; ++i) {
      auto [client, server] = co_await when_all(unix_stream::connect(where), listener.accept());
      near.push_back(std::move(client));
      far.push_back(std::move(server));
    }
  }

  /// Sends so many bytes through each, all of which wait for each; gives how many came.
  task<int> send(int bytes) {
    int got = 0;
    co_await with_task_group([&](task_group &group) -> task<> {
      for (unix_stream &from : near)
        group.spawn([](unix_stream &stream, int count, int &sum) -> task<> {
          std::array<char, 1> byte;
          for (int i = 0; i < count; ++i)
            sum += static_cast<int>(co_await stream.read_some(byte));
        }(from, bytes, got));
      co_await yield_now();
      for (int i = 0; i < bytes; ++i)
        for (unix_stream &to : far)
          co_await to.write_all("x");
    });
    co_return got;
  }
};

} // namespace

TEST_CASE_METHOD(on_each_backend, "hundreds of descriptors become ready in one turn") {
  crowd all;
  event_loop loop;
  loop.run(all.connect());
  CHECK(loop.run(all.send(10)) == 10 * crowd::pairs);
}

TEST_CASE_METHOD(on_each_backend, "hundreds of descriptors go with their loop to another thread") {
  crowd all;
  event_loop loop;
  int got = 0;
  std::thread([&] {
    loop.run(all.connect());
    got = loop.run(all.send(1));
  }).join();
  CHECK(got == crowd::pairs);
  CHECK(loop.run(all.send(2)) == 2 * crowd::pairs);
}
