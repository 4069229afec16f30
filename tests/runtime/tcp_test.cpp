// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TCP on loopback: whole transfers, slow readers, half closes, refusals, resets, closes under a waiting task.
#include "captured_stderr.h"
#include "on_each_backend.h"
#include "plain_client.h"
#include "streams.h"
#include "virtual_time.h"
#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/when_all.h>
#include <coroscope/with_timeout.h>
#include <csignal>
#include <pthread.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

tcp_listener listen_on_loopback() { return tcp_listener::bind({ip_address::loopback(), 0}); }

struct connected_pair {
  tcp_stream client;
  tcp_stream server;
};

task<connected_pair> make_pair(tcp_listener &listener) {
  auto [client, server] = co_await when_all(tcp_stream::connect(listener.local()), listener.accept());
  co_return connected_pair{std::move(client), std::move(server)};
}

task<> echo(tcp_stream stream) {
  std::array<char, 777> buffer;
  while (const std::size_t count = co_await stream.read_some(buffer))
    co_await stream.write_all(std::string_view(buffer.data(), count));
}

task<> read_count(tcp_stream &stream, std::size_t count, std::string &into) {
  std::array<char, 100> buffer;
  while (into.size() < count)
    into.append(buffer.data(), co_await stream.read_some(buffer));
}

template <class T> task<T> join(join_handle<T> work) { co_return co_await work; }

/// A limit on open descriptors, for as long as this exists.
class descriptor_limit {
public:
  explicit descriptor_limit(rlim_t limit) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit now = before_;
    now.rlim_cur = limit;
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  descriptor_limit(const descriptor_limit &) = delete;
  descriptor_limit &operator=(const descriptor_limit &) = delete;
  ~descriptor_limit() { lift(); }
  void lift() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
  rlimit before_{};
};

} // namespace

TEST_CASE_METHOD(on_each_backend, "an echo server gives each of many clients its own bytes back") {
  run([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    constexpr unsigned clients = 100;
    auto server = spawn([](tcp_listener &on) -> task<> {
      std::vector<task<>> serving;
      for (unsigned i = 0; i < clients; ++i)
        serving.push_back(echo(co_await on.accept()));
      co_await when_all(std::move(serving));
    }(listener));
    const auto client = [](ip_endpoint to, unsigned number) -> task<> {
      tcp_stream stream = co_await tcp_stream::connect(to);
      const std::string sent = pattern(20'000 + number, number);
      const auto [nothing, received] = co_await when_all(write_and_finish(stream, sent), read_all(stream));
      CHECK((received == sent));
    };
    std::vector<task<>> asking;
    for (unsigned i = 0; i < clients; ++i)
      asking.push_back(client(listener.local(), i));
    co_await when_all(std::move(asking));
    co_await server;
  }());
}

TEST_CASE_METHOD(on_each_backend, "a writer waits for a slow reader, and every byte arrives once") {
  run([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    connected_pair pair = co_await make_pair(listener);
    const std::string sent = pattern(16'000'000); // more than the kernel's buffers hold
    auto writing = spawn(write_and_finish(pair.client, sent));
    for (int i = 0; i < 20; ++i)
      co_await yield_now();
    CHECK_FALSE(writing.done());
    const std::string received = co_await read_all(pair.server, 100'000);
    CHECK((received == sent));
    co_await writing;
  }());
}

TEST_CASE_METHOD(on_each_backend, "a task reads and another writes on one stream at the same time") {
  run([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    connected_pair pair = co_await make_pair(listener);
    const std::string up = pattern(3'000'000, 1), down = pattern(3'000'000, 2);
    const auto [a, b, at_server, at_client] =
        co_await when_all(write_and_finish(pair.client, up), write_and_finish(pair.server, down), read_all(pair.server),
                          read_all(pair.client));
    CHECK((at_server == up));
    CHECK((at_client == down));
  }());
}

TEST_CASE_METHOD(on_each_backend, "after a half close the other direction still works") {
  run([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    connected_pair pair = co_await make_pair(listener);
    pair.client.shutdown_write();
    std::size_t count = co_await read_once(pair.server);
    CHECK(count == 0);
    count = co_await read_once(pair.server); // the end stays the end
    CHECK(count == 0);
    co_await write_and_finish(pair.server, "answer");
    const std::string answer = co_await read_all(pair.client);
    CHECK(answer == "answer");
  }());
}

TEST_CASE_METHOD(on_each_backend, "an end that comes with the last bytes is not missed") {
  for (const bool waits_first : {false, true})
    run_in_virtual_time([](bool waiting) -> task<> {
      tcp_listener listener = listen_on_loopback();
      plain_client client(listener);
      tcp_stream server = co_await listener.accept();
      auto reading = spawn(read_all(server));
      if (waiting)
        co_await sleep_for(1ms);
      client.send("the last bytes");
      client.finish();
      const std::string received = co_await with_timeout(1h, join(std::move(reading)));
      CHECK(received == "the last bytes");
    }(waits_first));
}

TEST_CASE_METHOD(on_each_backend, "what comes behind an urgent byte is not missed") {
  for (const bool waits_first : {false, true})
    run_in_virtual_time([](bool waiting) -> task<> {
      tcp_listener listener = listen_on_loopback();
      const plain_client client(listener);
      tcp_stream server = co_await listener.accept();
      std::string received;
      auto reading = spawn(read_count(server, 8, received));
      if (waiting)
        co_await sleep_for(1ms);
      client.send("before");
      client.send("!", MSG_OOB);
      client.send("behind");
      co_await with_timeout(1h, join(std::move(reading)));
      CHECK(received.substr(0, 8) == "beforebe");
    }(waits_first));
}

TEST_CASE_METHOD(on_each_backend, "a connection that is refused says to where") {
  run([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    const ip_endpoint closed = listener.local();
    listener.close();
    std::string message;
    try {
      co_await tcp_stream::connect(closed);
    } catch (const std::system_error &error) {
      CHECK(is(error.code(), std::errc::connection_refused));
      message = error.what();
    }
    CHECK_THAT(message, Catch::Matchers::Contains(closed.to_string()));
    const std::error_code by_name = co_await error_of(tcp_stream::connect("127.0.0.1", closed.port));
    CHECK(is(by_name, std::errc::connection_refused));
  }());
}

TEST_CASE_METHOD(on_each_backend, "a name and a numeric address both connect") {
  run([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    auto accepting = spawn(listener.accept());
    const tcp_stream stream = co_await tcp_stream::connect("localhost", listener.local_port());
    const tcp_stream accepted = co_await accepting;
    CHECK(stream.peer() == listener.local());
    CHECK(accepted.peer() == stream.local());
  }());
}

TEST_CASE_METHOD(on_each_backend, "an address in use, and a host that cannot be, are errors that name them") {
  tcp_listener first = listen_on_loopback();
  CHECK_THROWS_WITH(tcp_listener::bind(first.local()), Catch::Matchers::Contains(first.local().to_string()));
  CHECK_THROWS_WITH(run(tcp_stream::connect("not a host", 1)), Catch::Matchers::Contains("not a host"));
}

TEST_CASE_METHOD(on_each_backend, "writing to a peer that is gone is an error and no signal") {
  run([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    connected_pair pair = co_await make_pair(listener);
    pair.server.close();
    const auto write_until_it_fails = [](tcp_stream &stream) -> task<> {
      for (;;)
        co_await stream.write_all(pattern(100'000));
    };
    const std::error_code code = co_await error_of(write_until_it_fails(pair.client));
    CHECK((is(code, std::errc::broken_pipe) || is(code, std::errc::connection_reset)));
  }());
}

TEST_CASE_METHOD(on_each_backend, "closing a stream ends the read that waits on it, and only that") {
  run([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    connected_pair first = co_await make_pair(listener);
    auto reading = spawn(error_of(read_once(first.client)));
    co_await yield_now();
    first.client.close();
    CHECK_FALSE(first.client.is_open());
    // The number of the closed descriptor is used again at once, by a stream that must not be mistaken for it.
    connected_pair second = co_await make_pair(listener);
    auto other = spawn(read_all(second.client));
    const std::error_code ended = co_await reading;
    CHECK(is(ended, std::errc::operation_canceled));
    co_await write_and_finish(second.server, "for the second");
    const std::string received = co_await other;
    CHECK(received == "for the second");
    const std::error_code closed = co_await error_of(read_once(first.client));
    CHECK(is(closed, std::errc::bad_file_descriptor));
  }());
}

TEST_CASE_METHOD(on_each_backend, "closing a listener ends the accept that waits on it") {
  run([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    auto accepting = spawn(error_of(listener.accept()));
    co_await yield_now();
    co_await yield_now();
    listener.close();
    const std::error_code ended = co_await accepting;
    CHECK(is(ended, std::errc::operation_canceled));
  }());
}

TEST_CASE_METHOD(on_each_backend, "tasks that wait on sockets when main ends are destroyed, and the sockets closed") {
  run([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    connected_pair pair = co_await make_pair(listener);
    spawn([](tcp_stream stream) -> task<> { co_await read_once(stream); }(std::move(pair.server)));
    spawn([](tcp_listener own) -> task<> { co_await own.accept(); }(listen_on_loopback()));
    co_await yield_now();
    co_await yield_now();
  }());
}

TEST_CASE_METHOD(on_each_backend, "a stream may be moved to another loop, and outlive one") {
  tcp_listener listener = listen_on_loopback();
  connected_pair pair = run(make_pair(listener));
  CHECK(run([](connected_pair &of) -> task<std::string> {
          auto reading = spawn(read_all(of.server));
          co_await yield_now();
          co_await write_and_finish(of.client, "in the second loop");
          co_return co_await reading;
        }(pair)) == "in the second loop");
}

TEST_CASE_METHOD(on_each_backend, "running out of descriptors pauses accepting, and serving goes on afterwards") {
  const std::string said = captured_stderr([] {
    event_loop loop(event_loop::time_source::virtual_clock);
    loop.run([]() -> task<> {
      tcp_listener listener = listen_on_loopback();
      connected_pair served = co_await make_pair(listener);
      tcp_stream waiting = co_await tcp_stream::connect(listener.local()); // in the backlog, not accepted yet
      const int next_free = ::dup(0);
      ::close(next_free);
      descriptor_limit limit(static_cast<rlim_t>(next_free));
      auto accepting = spawn(listener.accept());
      co_await sleep_for(120ms);
      CHECK_FALSE(accepting.done());
      co_await served.client.write_all("still served");
      const std::size_t count = co_await read_once(served.server);
      CHECK(count == 12);
      limit.lift();
      const tcp_stream accepted = co_await accepting;
      CHECK(accepted.peer() == waiting.local());
    }());
  });
  CHECK_THAT(said, Catch::Matchers::Contains("cannot accept a connection for now"));
}

TEST_CASE_METHOD(on_each_backend, "signals that interrupt system calls are not seen") {
  struct sigaction action{};
  struct sigaction before{};
  action.sa_handler = [](int) {};
  ::sigaction(SIGUSR1, &action, &before); // without SA_RESTART
  const pthread_t loop_thread = ::pthread_self();
  std::atomic<bool> stop = false;
  std::thread interrupting([&] {
    while (!stop) {
      ::pthread_kill(loop_thread, SIGUSR1);
      std::this_thread::yield();
    }
  });
  run([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    for (int i = 0; i < 20; ++i) {
      connected_pair pair = co_await make_pair(listener);
      const std::string sent = pattern(500'000);
      const auto [nothing, received] = co_await when_all(write_and_finish(pair.client, sent), read_all(pair.server));
      CHECK((received == sent));
    }
  }());
  stop = true;
  interrupting.join();
  ::sigaction(SIGUSR1, &before, nullptr);
}
