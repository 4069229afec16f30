// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which address is tried when, which one is taken, and what becomes of the others: with invented addresses in virtual
// time, and with a listener that does not answer.
#include "deaf_listener.h"
#include "live_count.h"
#include "on_each_backend.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/detail/connection_race.h>
#include <coroscope/event_loop.h>
#include <coroscope/ip_address.h>
#include <coroscope/shield.h>
#include <coroscope/sleep.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

/// What an address does: it answers after a while, with a connection or with an error.
struct behaviour {
  std::chrono::milliseconds after;
  std::errc error{};
};

/// Addresses whose port is the index of their behaviour. A connection is the number of its address.
class network {
public:
  explicit network(std::vector<behaviour> addresses) : addresses_(std::move(addresses)) {}

  struct connection {
    std::size_t to;
    live_count counted;
  };
  task<connection> connect(ip_endpoint peer) {
    const live_count one(attempts);
    log += "try " + std::to_string(peer.port) + " at " + now() + ", ";
    const behaviour &what = addresses_[peer.port];
    bool stopped = false;
    try {
      co_await sleep_for(what.after);
    } catch (const cancelled &) {
      stopped = true;
    }
    if (stopped) {
      co_await shield(clean_up());
      log += "stopped " + std::to_string(peer.port) + " at " + now() + ", ";
      co_await yield_now();
    }
    if (what.error != std::errc())
      throw std::system_error(std::make_error_code(what.error), "attempt");
    co_return connection{peer.port, live_count(connections)};
  }
  /// What came of trying all of them.
  task<std::string> try_all() {
    std::vector<ip_endpoint> peers;
    for (std::size_t i = 0; i < addresses_.size(); ++i)
      peers.push_back({ip_address::loopback(), static_cast<std::uint16_t>(i)});
    const auto attempt = [this](ip_endpoint peer) { return connect(peer); };
    const connection made = co_await detail::first_connection(peers, attempt, 250ms);
    CHECK(attempts == 0);
    CHECK(connections == 1);
    co_return log + "connected to " + std::to_string(made.to) + " at " + now();
  }

  std::string log;
  int attempts = 0;
  int connections = 0;

private:
  static task<> clean_up() { co_await sleep_for(5ms); }
  static std::string now() {
    const auto passed = current_loop().now().time_since_epoch();
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
  }
  std::vector<behaviour> addresses_;
};

std::string outcome(std::vector<behaviour> addresses) {
  network those(std::move(addresses));
  std::string said = run_in_virtual_time(those.try_all());
  CHECK(those.connections == 0);
  return said;
}

constexpr behaviour refused{10ms, std::errc::connection_refused}, silent{1h};

} // namespace

TEST_CASE("families take turns, the first one's first") {
  const auto v4 = [](std::uint16_t port) { return ip_endpoint{ip_address::loopback(), port}; };
  const auto v6 = [](std::uint16_t port) { return ip_endpoint{ip_address::v6({}), port}; };
  using list = std::vector<ip_endpoint>;
  CHECK(detail::families_in_turn({v6(1), v6(2), v6(3), v4(4), v4(5)}) == list{v6(1), v4(4), v6(2), v4(5), v6(3)});
  CHECK(detail::families_in_turn({v4(1), v6(2), v4(3)}) == list{v4(1), v6(2), v4(3)});
  CHECK(detail::families_in_turn({v4(1), v4(2)}) == list{v4(1), v4(2)});
  CHECK(detail::families_in_turn({}).empty());
}

TEST_CASE("an address that answers in time is the only one that is tried") {
  CHECK(outcome({{249ms}, {1ms}}) == "try 0 at 0, connected to 0 at 249");
}

TEST_CASE("the next address is tried when one has been silent for a while, which is then stopped and waited for") {
  CHECK(outcome({silent, {10ms}}) == "try 0 at 0, try 1 at 250, stopped 0 at 265, connected to 1 at 265");
  CHECK(outcome({silent, silent, {10ms}}) ==
        "try 0 at 0, try 1 at 250, try 2 at 500, stopped 0 at 515, stopped 1 at 515, connected to 2 at 515");
}

TEST_CASE("the next address is tried at once when one fails") {
  CHECK(outcome({refused, {10ms}}) == "try 0 at 0, try 1 at 10, connected to 1 at 20");
  CHECK(outcome({silent, refused, {1ms}}) ==
        "try 0 at 0, try 1 at 250, try 2 at 260, stopped 0 at 266, connected to 2 at 266");
}

TEST_CASE("a slow address that was tried first may still be the one that connects") {
  CHECK(outcome({{300ms}, silent}) == "try 0 at 0, try 1 at 250, stopped 1 at 305, connected to 0 at 305");
}

TEST_CASE("of two that connect in one moment one is taken, and the other closed") {
  CHECK_THAT(outcome({{260ms}, {10ms}}), Contains("connected to"));
}

TEST_CASE("when no address takes the connection, the error names them all") {
  CHECK_THROWS_WITH(outcome({refused}), Contains("attempt"));
  try {
    outcome({refused, {500ms, std::errc::timed_out}, {1ms, std::errc::network_unreachable}});
    FAIL("connected");
  } catch (const std::system_error &error) {
    CHECK(error.code() == std::errc::connection_refused);
    CHECK_THAT(error.what(), Contains("none of 3 addresses") && Contains("127.0.0.1:0: Connection refused") &&
                                 Contains("127.0.0.1:1: ") && Contains("127.0.0.1:2: Network is unreachable"));
  }
  CHECK_THROWS_AS(run(tcp_stream::connect(std::vector<ip_endpoint>())), std::invalid_argument);
}

TEST_CASE("a race that is cancelled at whatever moment leaves no attempt and no connection") {
  for (int moment = 0; moment <= 600; moment += 5) {
    network those({silent, refused, {20ms}});
    run_in_virtual_time([](network &in, int when) -> task<> {
      auto racing = spawn(in.try_all());
      co_await sleep_for(when * 1ms);
      racing.cancel();
      co_await racing.ended();
      CHECK(in.attempts == 0);
      CHECK((racing.was_cancelled() || when >= 285));
    }(those, moment));
    CHECK(those.connections == 0);
  }
}

TEST_CASE_METHOD(on_each_backend, "a host whose first address is silent is connected to through the next") {
  run_in_virtual_time([]() -> task<> {
    const deaf_listener deaf;
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    auto accepting = spawn(listener.accept());
    const std::vector<ip_endpoint> both = {deaf.local, listener.local()};
    const tcp_stream stream = co_await tcp_stream::connect(both);
    CHECK(stream.peer() == listener.local());
    CHECK(current_loop().now().time_since_epoch() == 250ms);
    co_await accepting;
  }());
}
