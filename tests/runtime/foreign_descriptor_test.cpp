// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Waiting on descriptors of other code: pipes that the test reads and writes itself, and options of sockets.
#include "on_each_backend.h"
#include "resources.h"
#include "streams.h"
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/event_loop.h>
#include <coroscope/foreign_descriptor.h>
#include <coroscope/sleep.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/when_all.h>
#include <coroscope/with_timeout.h>
#include <cstddef>
#include <fcntl.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

class pipe_pair {
public:
  pipe_pair() { REQUIRE(::pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) == 0); }
  pipe_pair(const pipe_pair &) = delete;
  pipe_pair &operator=(const pipe_pair &) = delete;
  ~pipe_pair() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  int reads() const { return ends_[0]; }
  int writes() const { return ends_[1]; }

private:
  std::array<int, 2> ends_{};
};

task<> wait_readable(foreign_descriptor &on) { co_await on.readable(); }
task<> wait_writable(foreign_descriptor &on) { co_await on.writable(); }

} // namespace

TEST_CASE_METHOD(on_each_backend, "a descriptor of others is waited on, and they read and write it") {
  const std::size_t descriptors = open_descriptors();
  run([]() -> task<> {
    const pipe_pair pipe;
    foreign_descriptor from(pipe.reads()), to(pipe.writes());
    std::string received;
    const auto read_ten = [&]() -> task<> {
      while (received.size() < 10) {
        co_await from.readable();
        char byte = 0;
        if (::read(pipe.reads(), &byte, 1) == 1)
          received += byte;
      }
    };
    const auto write_ten = [&]() -> task<> {
      for (char byte = '0'; byte <= '9'; ++byte) {
        co_await sleep_for(100us);
        co_await to.writable();
        CHECK(::write(pipe.writes(), &byte, 1) == 1);
      }
    };
    co_await when_all(read_ten(), write_ten());
    CHECK(received == "0123456789");
  }());
  CHECK(open_descriptors() == descriptors);
}

TEST_CASE_METHOD(on_each_backend, "a full pipe is writable once it has been read, and a wait can be cancelled") {
  run([]() -> task<> {
    const pipe_pair pipe;
    foreign_descriptor to(pipe.writes());
    std::string much(4096, 'x');
    while (::write(pipe.writes(), much.data(), much.size()) > 0) {
    }
    const std::error_code over = co_await error_of(with_timeout(1ms, wait_writable(to)));
    CHECK(is(over, std::errc::timed_out));
    auto waiting = spawn(wait_writable(to));
    co_await yield_now();
    CHECK_FALSE(waiting.done());
    while (::read(pipe.reads(), much.data(), much.size()) > 0) {
    }
    co_await waiting;
  }());
}

TEST_CASE_METHOD(on_each_backend, "a wait on a descriptor of others ends with the object, and needs an open one") {
  CHECK_THROWS_AS(foreign_descriptor(-1), std::system_error);
  run([]() -> task<> {
    const pipe_pair pipe;
    std::optional<foreign_descriptor> from(pipe.reads());
    auto waiting = spawn(error_of(wait_readable(*from)));
    co_await yield_now();
    from.reset();
    const std::error_code ended = co_await waiting;
    CHECK(is(ended, std::errc::operation_canceled));
  }());
}

TEST_CASE_METHOD(on_each_backend, "streams and listeners give their descriptor, for options") {
  run([]() -> task<> {
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    auto [client, server] = co_await when_all(tcp_stream::connect(listener.local()), listener.accept());
    const int on = 1;
    CHECK(::setsockopt(client.native_handle(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) == 0);
    CHECK(::setsockopt(listener.native_handle(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) == 0);
    client.close();
    CHECK(client.native_handle() == -1);
  }());
}
