// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Many connections at once, peers that dawdle, and the order to end while work is in flight: nothing is lost, and what
// was taken is given back.
#include "live_count.h"
#include "on_each_backend.h"
#include "resources.h"
#include "streams.h"
#include "virtual_time.h"
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/barrier.h>
#include <coroscope/event_loop.h>
#include <coroscope/io_backend.h>
#include <coroscope/semaphore.h>
#include <coroscope/signal_stream.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <csignal>
#include <cstddef>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <system_error>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;

namespace {

/// As many descriptors as the system allows, for as long as this exists.
class most_descriptors {
public:
  most_descriptors() {
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    limit = before_.rlim_max;
    rlimit highest = before_;
    highest.rlim_cur = limit;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &highest) == 0);
  }
  most_descriptors(const most_descriptors &) = delete;
  most_descriptors &operator=(const most_descriptors &) = delete;
  ~most_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  std::size_t limit = 0;

private:
  rlimit before_{};
};

/// Both ends of each connection are in this process.
std::size_t connections_that_fit(std::size_t wanted, std::size_t descriptors) {
  const std::size_t fitting = (descriptors - open_descriptors() - 50) / 2;
  if (fitting < wanted)
    WARN("only " << fitting << " of " << wanted << " connections: the limit of descriptors is " << descriptors);
  return std::min(wanted, fitting);
}

/// Connections that are all open at once, each with a question and its answer in between.
class crowd_of_connections {
public:
  explicit crowd_of_connections(std::size_t count) : count_(count), all_here_(count) {}

  task<> all_of_it() {
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    co_await with_task_group([&](task_group &group) -> task<> {
      for (std::size_t i = 0; i < count_; ++i)
        group.spawn(ask(listener.local(), i, live_count(tasks_)));
      for (std::size_t i = 0; i < count_; ++i)
        group.spawn(answer(co_await listener.accept(), live_count(tasks_)));
    });
    CHECK(served_ == count_);
    CHECK(most_tasks_ == 2 * static_cast<int>(count_));
    CHECK(tasks_ == 0);
  }

private:
  task<> answer(tcp_stream stream, live_count) {
    co_await stream.write_all("!");
    std::array<char, 64> buffer;
    while (const std::size_t size = co_await stream.read_some(buffer))
      co_await stream.write_all(std::string_view(buffer.data(), size));
  }

  task<> ask(ip_endpoint server, std::size_t number, live_count) {
    tcp_stream stream = co_await greeted(server);
    co_await all_here_.arrive_and_wait();
    most_tasks_ = std::max(most_tasks_, tasks_);
    const std::string question = "question " + std::to_string(number);
    co_await write_and_finish(stream, question);
    const std::string answered = co_await read_all(stream, 64);
    served_ += answered == question ? 1 : 0;
  }

  /// Connected, and accepted too: no more than so many wait in the listener's queue.
  task<tcp_stream> greeted(ip_endpoint server) {
    const auto place = co_await in_queue_.acquire();
    tcp_stream stream = co_await tcp_stream::connect(server);
    char greeting = 0;
    co_await stream.read_some({&greeting, 1});
    co_return stream;
  }

  std::size_t count_;
  barrier all_here_;
  semaphore in_queue_{200};
  int tasks_ = 0;
  int most_tasks_ = 0;
  std::size_t served_ = 0;
};

/// A server that, once it is told to end, takes no more connections and finishes what it has begun.
class server_until_sigterm {
public:
  task<> serve(tcp_listener &listener) {
    signal_stream signals{SIGTERM};
    co_await with_task_group([&](task_group &connections) -> task<> {
      auto accepting = connections.spawn(accept_all(listener, connections));
      co_await signals.next();
      accepting.cancel();
      co_await accepting.ended();
      listener.close();
    });
  }
  int alive = 0;

private:
  task<> accept_all(tcp_listener &listener, task_group &connections) {
    for (;;)
      connections.spawn(echo(co_await listener.accept(), live_count(alive)));
  }
  static task<> echo(tcp_stream stream, live_count) {
    const std::string request = co_await read_all(stream, 1000);
    co_await write_and_finish(stream, request);
  }
};

/// Sends a request in pieces, a turn of the others between two; counts what is answered whole, and what is refused.
task<> request_in_pieces(ip_endpoint server, int &answered, int &refused) {
  const std::string request = pattern(5000);
  std::string answer;
  try {
    tcp_stream stream = co_await tcp_stream::connect(server);
    for (std::size_t at = 0; at < request.size(); at += 500) {
      co_await stream.write_all(std::string_view(request).substr(at, 500));
      co_await yield_now();
    }
    stream.shutdown_write();
    answer = co_await read_all(stream);
  } catch (const std::system_error &) {
    ++refused; // it was not accepted before the listener closed
    co_return;
  }
  answered += answer == request ? 1 : 0;
}

task<> end_after(int turns) {
  for (int i = 0; i < turns; ++i)
    co_await yield_now();
  ::raise(SIGTERM);
}

/// Runs `round` until pools and caches keep what they keep, and then once more: it leaves nothing behind.
template <class Round> void leaves_nothing_behind(Round round) {
  round();
  round();
  const std::size_t descriptors = open_descriptors(), heap = heap_in_use();
  round();
  CHECK(open_descriptors() == descriptors);
  constexpr std::size_t tolerated = 64 * 1024; // what the C library keeps at hand depends on the order of events
  CHECK(heap_in_use() <= heap + tolerated);
}

} // namespace

TEST_CASE_METHOD(on_each_backend,
                 "thousands of connections are open at once, each is served, and then there are none") {
  const most_descriptors raised;
  const bool cost_grows = backend_ == io_backend::select || backend_ == io_backend::poll; // of each wait
  const std::size_t wanted = cost_grows ? 400 : sanitized ? 2'000 : 10'000;
  const std::size_t count = connections_that_fit(wanted, raised.limit);
  leaves_nothing_behind([&] { run(crowd_of_connections(count).all_of_it()); });
}

TEST_CASE_METHOD(on_each_backend, "SIGTERM at any moment: what was accepted is answered whole, the rest is refused") {
  const std::size_t descriptors = open_descriptors();
  int answered_early = 0, answered_late = 0;
  for (int turns = 1; turns <= 1500; turns += 11) {
    INFO("SIGTERM after " << turns << " turns");
    int answered = 0, refused = 0;
    server_until_sigterm server;
    run_in_virtual_time([](server_until_sigterm &of, int &whole, int &none, int when) -> task<> {
      tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
      const ip_endpoint at = listener.local();
      co_await with_task_group([&](task_group &group) -> task<> {
        group.spawn(of.serve(listener));
        co_await yield_now(); // SIGTERM is handled from here on
        group.spawn(end_after(when));
        for (int i = 0; i < 5; ++i) {
          group.spawn(request_in_pieces(at, whole, none));
          co_await yield_now();
        }
      });
    }(server, answered, refused, turns));
    CHECK(answered + refused == 5);
    CHECK(server.alive == 0);
    CHECK(open_descriptors() == descriptors);
    (turns == 1 ? answered_early : answered_late) = answered;
  }
  CHECK(answered_early < 5);
  CHECK(answered_late == 5);
}

TEST_CASE("a clock that jumps past many timers, some of them by years, wakes each once and in order") {
  using namespace std::chrono_literals;
  leaves_nothing_behind([] {
    event_loop loop(event_loop::time_source::virtual_clock);
    loop.run([]() -> task<> {
      std::vector<int> woken;
      co_await with_task_group([&](task_group &group) -> task<> {
        const auto sleeper = [&](int number, std::chrono::nanoseconds length) -> task<> {
          co_await sleep_for(length);
          woken.push_back(number);
        };
        int number = 0;
        for (std::chrono::nanoseconds length = 1ns; length < 24h * 365 * 100; length *= 2)
          group.spawn(sleeper(number++, length));
        co_await yield_now();
      });
      CHECK(woken.size() > 60);
      CHECK(std::is_sorted(woken.begin(), woken.end()));
    }());
  });
}
