// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each operation on descriptors and between loops, cancelled at each moment: what was read, raised, sent or has ended
// is not lost, and nothing stays open.
#include "at_every_moment.h"
#include "deaf_listener.h"
#include "on_each_backend.h"
#include "streams.h"
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/as_completed.h>
#include <coroscope/buffered_reader.h>
#include <coroscope/byte_stream.h>
#include <coroscope/event_loop.h>
#include <coroscope/run_on_cores.h>
#include <coroscope/shared_channel.h>
#include <coroscope/signal_stream.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/unix_listener.h>
#include <coroscope/unix_stream.h>
#include <coroscope/when_all.h>
#include <csignal>
#include <cstddef>
#include <string>
#include <unistd.h>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<> read_into(byte_stream &from, std::string &to) {
  std::array<char, 4> buffer;
  while (const std::size_t count = co_await from.read_some(buffer))
    to.append(buffer.data(), count);
}

task<> write_slowly(byte_stream &to, std::vector<std::string> pieces) {
  for (const std::string &each : pieces) {
    co_await to.write_all(each);
    co_await sleep_for(1ms);
  }
  to.shutdown_write();
}

/// A reader is cancelled; another one goes on where it stopped.
task<> read_in_two_goes(byte_stream &from, std::string &to, moment when) {
  co_await when.cancel(read_into(from, to));
  co_await read_into(from, to);
}

task<> send_five(shared_channel<int> &to, int first, std::vector<int> &sent) {
  for (int i = first; i < first + 5; ++i) {
    co_await to.send(i);
    sent.push_back(i);
  }
}

task<> receive_into(shared_channel<int> &from, std::vector<int> &received) {
  while (const auto value = co_await from.receive())
    received.push_back(*value);
}

std::vector<int> sorted(std::vector<int> values) {
  std::sort(values.begin(), values.end());
  return values;
}

} // namespace

TEST_CASE_METHOD(on_each_backend,
                 "cancelled everywhere: sockets can be used further, and no byte that was read is lost") {
  at_every_moment([](moment when) -> task<> {
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    auto [client, server] = co_await when_all(tcp_stream::connect(listener.local()), listener.accept());
    std::string received;
    const std::vector<std::string> pieces = {"one ", "two ", "three ", "four"}; // g++ 12: no list in a co_await
    co_await when_all(write_slowly(client, pieces), read_in_two_goes(server, received, when));
    CHECK(received == "one two three four");

    co_await when.cancel([](tcp_listener &on) -> task<> { co_await on.accept(); }(listener));
    co_await when.cancel([](ip_endpoint to) -> task<> { co_await tcp_stream::connect(to); }(listener.local()));
  });
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: so can Unix sockets") {
  const auto name = unix_address::abstract("coroscope-cancelled-" + std::to_string(::getpid()));
  at_every_moment([&](moment when) -> task<> {
    unix_listener listener = unix_listener::bind(name);
    auto [client, server] = co_await when_all(unix_stream::connect(name), listener.accept());
    std::string received;
    const std::vector<std::string> pieces = {"one ", "two ", "three ", "four"}; // g++ 12: no list in a co_await
    co_await when_all(write_slowly(client, pieces), read_in_two_goes(server, received, when));
    CHECK(received == "one two three four");

    co_await when.cancel([](unix_listener &on) -> task<> { co_await on.accept(); }(listener));
    co_await when.cancel([](unix_address to) -> task<> { co_await unix_stream::connect(to); }(name));
  });
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: a write stops between two bytes, and those before it arrive") {
  at_every_moment([](moment when) -> task<> {
    auto [client, server] = unix_stream::pair();
    const std::string sent = pattern(2'000'000); // more than the kernel's buffers hold
    std::string received;
    const auto write = [](unix_stream &to, const std::string &bytes, moment at) -> task<> {
      co_await at.cancel(write_and_finish(to, bytes));
      to.shutdown_write();
    };
    const auto read_slowly = [](unix_stream &from, std::string &to) -> task<> {
      std::string buffer(300'000, '\0');
      while (const std::size_t count = co_await from.read_some(buffer)) {
        to.append(buffer, 0, count);
        co_await sleep_for(1ms);
      }
    };
    co_await when_all(write(client, sent, when), read_slowly(server, received));
    CHECK((received == sent.substr(0, received.size())));
  });
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: a buffered reader has each line once") {
  at_every_moment([](moment when) -> task<> {
    auto [client, server] = unix_stream::pair();
    buffered_reader reader(server);
    std::vector<std::string> lines;
    const auto read_lines = [](buffered_reader &from, std::vector<std::string> &to) -> task<> {
      while (auto line = co_await from.read_line())
        to.push_back(std::move(*line));
    };
    const auto read_in_turn = [&](moment at) -> task<> {
      co_await at.cancel(read_lines(reader, lines));
      co_await read_lines(reader, lines);
    };
    const std::vector<std::string> pieces = {"o", "ne\ntw", "o\nthr", "ee\n", "four"};
    co_await when_all(write_slowly(client, pieces), read_in_turn(when));
    CHECK(lines == std::vector<std::string>{"one", "two", "three", "four"});
  });
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: a signal that nobody took is still in its stream") {
  at_every_moment([](moment when) -> task<> {
    signal_stream signals{SIGUSR1, SIGUSR2, SIGHUP, SIGTERM};
    std::vector<int> came;
    const auto take = [](signal_stream &from, std::vector<int> &to) -> task<> {
      while (to.size() < 4)
        to.push_back(co_await from.next());
    };
    const auto take_in_turn = [&](moment at) -> task<> {
      co_await at.cancel(take(signals, came));
      co_await take(signals, came);
    };
    const auto raise_slowly = []() -> task<> {
      for (const int each : {SIGTERM, SIGUSR2, SIGHUP, SIGUSR1}) {
        co_await sleep_for(1ms);
        ::raise(each);
      }
    };
    co_await when_all(take_in_turn(when), raise_slowly());
    CHECK(sorted(came) == sorted({SIGUSR1, SIGUSR2, SIGHUP, SIGTERM}));
  });
}

TEST_CASE("cancelled everywhere: each task that ends comes out of as_completed once") {
  at_every_moment([](moment when) -> task<> {
    std::vector<int> ended;
    co_await with_task_group([&](task_group &group) -> task<> {
      std::vector<join_handle<int>> naps;
      for (const int milliseconds : {3, 1, 4, 2})
        naps.push_back(group.spawn([](int length) -> task<int> {
          co_await sleep_for(length * 1ms);
          co_return length;
        }(milliseconds)));
      auto in_order = as_completed(std::move(naps));
      const auto take = [](completions<int> &from, std::vector<int> &to) -> task<> {
        while (const auto next = co_await from.next())
          to.push_back(next->take());
      };
      co_await when.cancel(take(in_order, ended));
      co_await take(in_order, ended);
    });
    CHECK(ended == std::vector<int>{1, 2, 3, 4});
  });
}

TEST_CASE("cancelled everywhere: a shared channel loses and doubles no value") {
  for (const std::size_t capacity : {0u, 1u, 3u})
    at_every_moment([capacity](moment when) -> task<> {
      shared_channel<int> values(capacity);
      std::vector<int> sent, received;
      const auto send = [&](moment at) -> task<> {
        co_await when_all(at.cancel(send_five(values, 0, sent)), send_five(values, 100, sent));
        values.close();
      };
      const auto receive = [&](moment at) -> task<> {
        co_await at.cancel(receive_into(values, received));
        co_await receive_into(values, received);
      };
      co_await when_all(send(when), receive(when));
      CHECK(sorted(sent) == sorted(received));
    });
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: nor does one between loops") {
  const std::size_t descriptors = open_descriptors();
  for (const std::size_t capacity : {0u, 1u, 3u})
    for (int turns = 0; turns < 30; ++turns) {
      const moment when{0ms, turns};
      shared_channel<int> values(capacity);
      std::vector<int> sent, received;
      run_on_cores(2, [&](unsigned core) -> task<> {
        if (core == 0) {
          co_await when_all(when.cancel(send_five(values, 0, sent)), send_five(values, 100, sent));
          values.close();
        } else {
          co_await when.cancel(receive_into(values, received));
          co_await receive_into(values, received);
        }
      });
      CHECK(sorted(sent) == sorted(received));
    }
  CHECK(open_descriptors() == descriptors);
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: a race of addresses leaves no connection") {
  for (const auto first : {0ms, 248ms}) // the second address is tried after 250 ms
    at_every_moment(
        [](moment when) -> task<> {
          const deaf_listener deaf;
          tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
          const auto race = [](std::vector<ip_endpoint> peers) -> task<> { co_await tcp_stream::connect(peers); };
          const std::vector<ip_endpoint> peers = {deaf.local, listener.local()};
          co_await when.cancel(race(peers));
        },
        first);
}
