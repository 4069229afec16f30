// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each operation on descriptors, cancelled in each wait and between: what was read, accepted or raised is not lost, and
// nothing stays open.
#include "at_every_step.h"
#include "deaf_listener.h"
#include "on_each_backend.h"
#include "streams.h"
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/buffered_reader.h>
#include <coroscope/byte_stream.h>
#include <coroscope/event_loop.h>
#include <coroscope/resolve.h>
#include <coroscope/signal_stream.h>
#include <coroscope/sleep.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/unix_listener.h>
#include <coroscope/unix_stream.h>
#include <coroscope/when_all.h>
#include <csignal>
#include <cstddef>
#include <cstdint>
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
task<> read_what_is_written(byte_stream &client, byte_stream &server, moment &when) {
  std::string received;
  const auto read_in_two_goes = [](byte_stream &from, std::string &to, moment &at) -> task<> {
    co_await at.cancel(read_into(from, to));
    co_await read_into(from, to);
  };
  const std::vector<std::string> pieces = {"one ", "two ", "three ", "four"}; // g++ 12: no list in a co_await
  co_await when_all(write_slowly(client, pieces), read_in_two_goes(server, received, when));
  CHECK(received == "one two three four");
}

template <class Listener> task<> accept_one(Listener &listener) { co_await listener.accept(); }

template <class Stream, class Address> task<> connect_to(Address address) { co_await Stream::connect(address); }

/// Two clients; one accept is cancelled, and there are connections for as many others as it left.
template <class Stream, class Listener> task<> accept_in_two_goes(Listener listener, moment &when) {
  int accepted = 0;
  const auto accept = [](Listener &on, int &count) -> task<> {
    const Stream taken = co_await on.accept();
    ++count;
  };
  const auto connect_late = [](Listener &to, int delay) -> task<Stream> {
    co_await sleep_for(delay * 1ms);
    co_return co_await Stream::connect(to.local());
  };
  auto first = spawn(connect_late(listener, 1));
  auto second = spawn(connect_late(listener, 2));
  co_await when.cancel(accept(listener, accepted));
  while (accepted < 2)
    co_await accept(listener, accepted);
  co_await first;
  co_await second;
}

unix_address name_of_this_process() {
  return unix_address::abstract("coroscope-cancelled-" + std::to_string(::getpid()));
}

template <class T> std::vector<T> sorted(std::vector<T> values) {
  std::sort(values.begin(), values.end());
  return values;
}

} // namespace

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: no byte that a TCP stream read is lost") {
  at_every_wait([](moment &when) -> task<> {
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    auto [client, server] = co_await when_all(tcp_stream::connect(listener.local()), listener.accept());
    co_await read_what_is_written(client, server, when);
  });
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: nor is one of a Unix stream") {
  at_every_wait([](moment &when) -> task<> {
    auto [client, server] = unix_stream::pair();
    co_await read_what_is_written(client, server, when);
  });
}

TEST_CASE_METHOD(on_each_backend,
                 "cancelled everywhere: the connection that one accept does not take is the next one's") {
  at_every_wait([](moment &when) -> task<> {
    co_await accept_in_two_goes<tcp_stream>(tcp_listener::bind({ip_address::loopback(), 0}), when);
  });
  at_every_wait([](moment &when) -> task<> {
    co_await accept_in_two_goes<unix_stream>(unix_listener::bind(name_of_this_process()), when);
  });
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: a connect that is given up leaves the listener as it was") {
  at_every_wait([](moment &when) -> task<> {
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    co_await when.cancel(connect_to<tcp_stream>(listener.local()));
    co_await when_all(connect_to<tcp_stream>(listener.local()), accept_one(listener));
  });
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: so does one to a host") {
  at_every_wait([](moment &when) -> task<> {
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    const auto connect = [](std::uint16_t port) -> task<> { co_await tcp_stream::connect("localhost", port); };
    co_await when.cancel(connect(listener.local_port()));
    co_await when_all(connect(listener.local_port()), accept_one(listener));
  });
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: a look-up that is given up is forgotten") {
  at_every_wait([](moment &when) -> task<> {
    const auto look_up = []() -> task<> { co_await resolve("localhost", 80); };
    co_await when.cancel(look_up());
    co_await look_up();
  });
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: a write stops between two bytes, and those before it arrive") {
  at_every_wait([](moment &when) -> task<> {
    auto [client, server] = unix_stream::pair();
    const std::string sent = pattern(600'000); // more than the kernel's buffers hold
    std::string received;
    const auto write = [](unix_stream &to, const std::string &bytes, moment &at) -> task<> {
      co_await at.cancel(write_and_finish(to, bytes));
      to.shutdown_write();
    };
    const auto read_slowly = [](unix_stream &from, std::string &to) -> task<> {
      std::string buffer(100'000, '\0');
      while (const std::size_t count = co_await from.read_some(buffer)) {
        to.append(buffer, 0, count);
        co_await sleep_for(1ms);
      }
    };
    co_await when_all(write(client, sent, when), read_slowly(server, received));
    CHECK((received == sent.substr(0, received.size())));
  });
}

TEST_CASE_METHOD(on_each_backend,
                 "cancelled everywhere: a buffered reader has each piece once, whichever it is asked for") {
  at_every_wait([](moment &when) -> task<> {
    auto [client, server] = unix_stream::pair();
    buffered_reader reader(server);
    std::vector<std::string> taken;
    const auto read_pieces = [](buffered_reader &from, std::vector<std::string> &to) -> task<> {
      if (to.empty())
        to.push_back((co_await from.read_line()).value());
      if (to.size() == 1)
        to.push_back(co_await from.read_until(";"));
      if (to.size() == 2)
        to.push_back(co_await from.read_exactly(4));
      if (to.size() == 3) {
        std::string two(2, '\0');
        two.resize(co_await from.read_some(two));
        to.push_back(two);
      }
      if (to.size() == 4)
        to.push_back(co_await from.read_to_end());
    };
    const auto read_in_two_goes = [&](moment &at) -> task<> {
      co_await at.cancel(read_pieces(reader, taken));
      co_await read_pieces(reader, taken);
    };
    const std::vector<std::string> pieces = {"li", "ne\nun", "til;ex", "ac", "so", "to the", " end"};
    co_await when_all(write_slowly(client, pieces), read_in_two_goes(when));
    CHECK(taken == std::vector<std::string>{"line", "until;", "exac", "so", "to the end"});
  });
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: a signal that nobody took is still in its stream") {
  at_every_wait([](moment &when) -> task<> {
    signal_stream signals{SIGUSR1, SIGUSR2, SIGHUP, SIGTERM};
    std::vector<int> came;
    const auto take = [](signal_stream &from, std::vector<int> &to) -> task<> {
      while (to.size() < 4)
        to.push_back(co_await from.next());
    };
    const auto take_in_turn = [&](moment &at) -> task<> {
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
    CHECK(sorted(came) == sorted(std::vector<int>{SIGUSR1, SIGUSR2, SIGHUP, SIGTERM}));
  });
}

TEST_CASE_METHOD(on_each_backend, "cancelled everywhere: a race of addresses leaves no connection") {
  at_every_wait([](moment &when) -> task<> { // the second address is tried after 250 ms
    const deaf_listener deaf;
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    const auto race = [](std::vector<ip_endpoint> peers) -> task<> { co_await tcp_stream::connect(peers); };
    const std::vector<ip_endpoint> peers = {deaf.local, listener.local()};
    co_await when.cancel(race(peers));
  });
}
