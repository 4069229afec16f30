// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Unix sockets: by path, by abstract name, in pairs; what becomes of the socket file.
#include "on_each_backend.h"
#include "streams.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/unix_address.h>
#include <coroscope/unix_listener.h>
#include <coroscope/unix_stream.h>
#include <coroscope/when_all.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <tuple>
#include <unistd.h>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

/// A folder of its own, removed at the end.
class scratch_folder {
public:
  scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "coroscope-unix-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  scratch_folder(const scratch_folder &) = delete;
  scratch_folder &operator=(const scratch_folder &) = delete;
  ~scratch_folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const char *name) const { return (path_ / name).string(); }

private:
  std::filesystem::path path_;
};

/// A name that no other process has.
unix_address own_name(const char *which) {
  return unix_address::abstract("coroscope-test-" + std::to_string(::getpid()) + "-" + which);
}

task<> talk(unix_address at) {
  unix_listener listener = unix_listener::bind(at);
  auto [client, server] = co_await when_all(unix_stream::connect(at), listener.accept());
  CHECK(client.peer() == at);
  CHECK(server.local() == at);
  CHECK(server.peer() == unix_address());
  const std::string up = pattern(1'000'000, 1), down = pattern(1'000'000, 2);
  const auto [a, b, at_server, at_client] = co_await when_all(
      write_and_finish(client, up), write_and_finish(server, down), read_all(server), read_all(client));
  CHECK((at_server == up));
  CHECK((at_client == down));
}

std::error_code code_of(const auto &call) {
  try {
    call();
  } catch (const std::system_error &error) {
    return error.code();
  }
  return {};
}

} // namespace

TEST_CASE_METHOD(on_each_backend, "a Unix socket carries bytes both ways, by path and by abstract name") {
  const scratch_folder folder;
  run(talk(unix_address::path(folder / "socket")));
  CHECK_FALSE(std::filesystem::exists(folder / "socket"));
  run(talk(own_name("talk")));
  run(talk(unix_address::abstract(std::string("zero\0inside", 11) + std::to_string(::getpid()))));
}

TEST_CASE_METHOD(on_each_backend, "two Unix streams made together are each other's peer") {
  run([]() -> task<> {
    auto [left, right] = unix_stream::pair();
    const auto [nothing, received] = co_await when_all(write_and_finish(left, "to the right"), read_all(right));
    CHECK(received == "to the right");
    CHECK(left.local() == unix_address());
    right.close();
    const std::error_code gone = co_await error_of(write_and_finish(left, "more"));
    CHECK(is(gone, std::errc::broken_pipe));
  }());
}

TEST_CASE("the address of a Unix socket is a value with a limit") {
  CHECK(unix_address::path("/tmp/x").to_string() == "/tmp/x");
  CHECK(unix_address::abstract("x").to_string() == "@x");
  CHECK(unix_address().to_string() == "an unnamed Unix socket");
  CHECK(unix_address::path("x") != unix_address::abstract("x"));
  CHECK_NOTHROW(unix_address::abstract(std::string(107, 'x')));
  CHECK(is(code_of([] { unix_address::path(std::string(108, 'x')); }), std::errc::filename_too_long));
  CHECK(is(code_of([] { unix_address::abstract(std::string(108, 'x')); }), std::errc::filename_too_long));
  CHECK(is(code_of([] { unix_address::path(""); }), std::errc::invalid_argument));
  CHECK(is(code_of([] { unix_address::path(std::string("a\0b", 3)); }), std::errc::invalid_argument));
}

TEST_CASE_METHOD(on_each_backend, "a name of the greatest length is heard and connected to") {
  std::string name = "coroscope-test-" + std::to_string(::getpid()) + "-";
  name.resize(107, 'x');
  run(talk(unix_address::abstract(name)));
}

TEST_CASE_METHOD(on_each_backend, "what cannot be listened on or connected to is named") {
  const scratch_folder folder;
  const unix_address at = unix_address::path(folder / "socket");
  const unix_listener first = unix_listener::bind(at);
  CHECK_THROWS_WITH(unix_listener::bind(at), Contains(at.to_string()));
  CHECK(is(code_of([&] { unix_listener::bind(at); }), std::errc::address_in_use));
  CHECK(std::filesystem::exists(at.text()));

  const unix_address nobody = unix_address::path(folder / "nobody");
  CHECK_THROWS_WITH(run(unix_stream::connect(nobody)), Contains(nobody.to_string()));
  CHECK(is(code_of([&] { run(unix_stream::connect(nobody)); }), std::errc::no_such_file_or_directory));
  CHECK(is(code_of([] { run(unix_stream::connect(own_name("nobody"))); }), std::errc::connection_refused));
}

TEST_CASE_METHOD(on_each_backend, "a socket file goes with its listener, one that took its place stays") {
  const scratch_folder folder;
  const std::string name = folder / "socket";
  unix_listener listener = unix_listener::bind(unix_address::path(name));
  unix_listener moved = std::move(listener);
  CHECK(std::filesystem::exists(name));
  moved.close();
  CHECK_FALSE(std::filesystem::exists(name));
  moved.close();

  moved = unix_listener::bind(unix_address::path(name));
  CHECK(std::filesystem::exists(name));
  const std::string aside = folder / "aside"; // so that the new file has another inode
  std::filesystem::rename(name, aside);
  std::ofstream(name) << "not a socket";
  moved.close();
  CHECK(std::filesystem::exists(name));
}

TEST_CASE_METHOD(on_each_backend, "closing a Unix listener ends the accept that waits on it") {
  run([]() -> task<> {
    unix_listener listener = unix_listener::bind(own_name("closed"));
    auto accepting = spawn(error_of(listener.accept()));
    co_await yield_now();
    co_await yield_now();
    listener.close();
    const std::error_code ended = co_await accepting;
    CHECK(is(ended, std::errc::operation_canceled));
  }());
}

TEST_CASE_METHOD(on_each_backend, "connecting waits while the listener's queue is full") {
  const std::string name = "coroscope-test-" + std::to_string(::getpid()) + "-full";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path + 1, name.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  const int listening = ::socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(::bind(listening, reinterpret_cast<const sockaddr *>(&address), size) == 0);
  REQUIRE(::listen(listening, 0) == 0);

  run_in_virtual_time([](std::string at, int backlogged) -> task<> {
    const unix_stream first = co_await unix_stream::connect(unix_address::abstract(at));
    auto second = spawn(unix_stream::connect(unix_address::abstract(at)));
    co_await sleep_for(1s);
    CHECK_FALSE(second.done());
    const int accepted = ::accept(backlogged, nullptr, nullptr);
    CHECK(accepted >= 0);
    const unix_stream connected = co_await second;
    CHECK(connected.is_open());
    ::close(accepted);
  }(name, listening));
  ::close(listening);
}
