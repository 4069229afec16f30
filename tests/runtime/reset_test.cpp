// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Connections that a peer resets, at every stage of their life: whoever uses one gets an error, nobody waits for ever,
// and the listener goes on.
#include "on_each_backend.h"
#include "plain_client.h"
#include "resources.h"
#include "streams.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/with_timeout.h>
#include <cstddef>
#include <string>
#include <system_error>
#include <utility>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

/// Runs `scenario(listener)`; afterwards the listener serves the next client, and no descriptor is left open.
template <class Scenario> void with_listener(Scenario scenario) {
  const std::size_t descriptors = open_descriptors();
  run_in_virtual_time([](Scenario what) -> task<> {
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    co_await what(listener);
    const plain_client next(listener);
    tcp_stream served = co_await with_timeout(1h, listener.accept());
    next.send("next");
    const std::size_t count = co_await read_once(served);
    CHECK(count == 4);
  }(scenario));
  CHECK(open_descriptors() == descriptors);
}

/// How work ends that a reset ends: an hour of virtual time is over at once where nothing is ready.
template <class T> task<std::error_code> end_of(join_handle<T> work) {
  co_return co_await with_timeout(1h, error_of([](join_handle<T> on) -> task<> { co_await on; }(std::move(work))));
}

task<> write_for_ever(tcp_stream &to) {
  const std::string bytes = pattern(1'000'000);
  for (;;)
    co_await to.write_all(bytes);
}

/// Both ends of a write whose peer is gone: the one that hears of the reset, and any later one.
bool lost(std::error_code code) { return is(code, std::errc::connection_reset) || is(code, std::errc::broken_pipe); }

} // namespace

TEST_CASE_METHOD(on_each_backend, "a connection that was reset before it was accepted fails when it is used") {
  with_listener([](tcp_listener &listener) -> task<> {
    plain_client client(listener);
    client.reset();
    tcp_stream stream = co_await with_timeout(1h, listener.accept());
    const std::error_code read = co_await error_of(read_once(stream));
    CHECK(is(read, std::errc::connection_reset));
    const std::error_code written = co_await error_of(write_and_finish(stream, "to nobody"));
    CHECK(lost(written));
  });
}

TEST_CASE_METHOD(on_each_backend,
                 "a burst of connections that are reset before they are accepted hides none that is not") {
  with_listener([](tcp_listener &listener) -> task<> {
    for (int i = 0; i < 50; ++i) {
      plain_client gone(listener);
      gone.reset();
    }
    const plain_client here(listener);
    here.send("here");
    std::size_t received = 0;
    for (int i = 0; i < 51; ++i) {
      tcp_stream stream = co_await with_timeout(1h, listener.accept());
      const auto read_some = [](tcp_stream &from, std::size_t &count) -> task<> { count += co_await read_once(from); };
      co_await error_of(read_some(stream, received));
    }
    CHECK(received == 4);
  });
}

TEST_CASE_METHOD(on_each_backend, "a connection that is reset right after it was accepted fails at its first use") {
  for (const bool writes : {false, true})
    with_listener([writes](tcp_listener &listener) -> task<> {
      plain_client client(listener);
      tcp_stream stream = co_await listener.accept();
      client.reset();
      task<> use = writes ? write_for_ever(stream) : write_and_finish(stream, "x");
      const std::error_code used = co_await error_of(std::move(use));
      CHECK(lost(used));
      const std::error_code again = co_await error_of(write_and_finish(stream, "x"));
      CHECK(lost(again));
    });
}

TEST_CASE_METHOD(on_each_backend, "a reset ends the read that waits, after what came before it was read") {
  for (const bool waits : {false, true})
    for (const std::size_t piece : {1u, 3u, 100u})
      with_listener([waits, piece](tcp_listener &listener) -> task<> {
        plain_client client(listener);
        tcp_stream stream = co_await listener.accept();
        std::string received;
        auto reading = spawn([](tcp_stream &from, std::size_t size, std::string &to) -> task<> {
          std::string buffer(size, '\0');
          while (const std::size_t count = co_await from.read_some(buffer))
            to.append(buffer, 0, count);
        }(stream, piece, received));
        if (waits)
          co_await sleep_for(1ms);
        client.send("whole");
        if (waits)
          co_await sleep_for(1ms);
        client.reset();
        const std::error_code ended = co_await end_of(std::move(reading));
        CHECK(is(ended, std::errc::connection_reset));
        CHECK((received == "whole" || !waits)); // what nobody has read yet, the kernel may drop with the connection
      });
}

TEST_CASE_METHOD(on_each_backend, "a reset ends the write that waits") {
  with_listener([](tcp_listener &listener) -> task<> {
    plain_client client(listener);
    tcp_stream stream = co_await listener.accept();
    auto writing = spawn(write_for_ever(stream));
    co_await sleep_for(1ms); // the kernel's buffers are full
    CHECK_FALSE(writing.done());
    client.reset();
    const std::error_code ended = co_await end_of(std::move(writing));
    CHECK(lost(ended));
  });
}

TEST_CASE_METHOD(on_each_backend, "a reset ends a read and a write that wait on one stream") {
  with_listener([](tcp_listener &listener) -> task<> {
    plain_client client(listener);
    tcp_stream stream = co_await listener.accept();
    auto writing = spawn(write_for_ever(stream));
    auto reading = spawn(read_once(stream));
    co_await sleep_for(1ms);
    client.reset();
    const std::error_code read = co_await end_of(std::move(reading)), written = co_await end_of(std::move(writing));
    CHECK((is(read, std::errc::connection_reset) || is(written, std::errc::connection_reset))); // said once
    CHECK(lost(written));
  });
}

TEST_CASE_METHOD(on_each_backend, "after the peer's half close a reset ends the write that waits") {
  with_listener([](tcp_listener &listener) -> task<> {
    plain_client client(listener);
    tcp_stream stream = co_await listener.accept();
    client.shutdown_write();
    const std::size_t count = co_await read_once(stream);
    CHECK(count == 0);
    auto writing = spawn(write_for_ever(stream));
    co_await sleep_for(1ms);
    client.reset();
    const std::error_code ended = co_await end_of(std::move(writing));
    CHECK(lost(ended));
  });
}

TEST_CASE_METHOD(on_each_backend, "after one's own half close a reset ends the read that waits") {
  with_listener([](tcp_listener &listener) -> task<> {
    plain_client client(listener);
    tcp_stream stream = co_await listener.accept();
    stream.shutdown_write();
    auto reading = spawn(read_once(stream));
    co_await sleep_for(1ms);
    client.reset();
    const std::error_code ended = co_await end_of(std::move(reading));
    CHECK(is(ended, std::errc::connection_reset));
  });
}

TEST_CASE_METHOD(on_each_backend, "after both have finished writing a reset is not heard of") {
  with_listener([](tcp_listener &listener) -> task<> {
    plain_client client(listener);
    tcp_stream stream = co_await listener.accept();
    client.shutdown_write();
    const std::size_t count = co_await read_once(stream);
    CHECK(count == 0);
    stream.shutdown_write();
    client.reset();
    const std::error_code read = co_await error_of(read_once(stream));
    CHECK((!read || is(read, std::errc::connection_reset)));
    stream.shutdown_write();
    stream.close();
  });
}

TEST_CASE_METHOD(on_each_backend, "a listener that is closed resets those that it has not accepted") {
  const std::size_t descriptors = open_descriptors();
  run_in_virtual_time([]() -> task<> {
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    tcp_stream stream = co_await tcp_stream::connect(listener.local());
    auto reading = spawn(read_once(stream));
    co_await sleep_for(1ms);
    listener.close();
    const std::error_code ended = co_await end_of(std::move(reading));
    CHECK(is(ended, std::errc::connection_reset));
  }());
  CHECK(open_descriptors() == descriptors);
}
