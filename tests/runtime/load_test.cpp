// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Many connections at once, peers that dawdle, and the order to end while work is in flight: nothing is lost, and what
// was taken is given back.
#include "live_count.h"
#include "on_each_backend.h"
#include "resources.h"
#include "streams.h"
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <coroscope/barrier.h>
#include <coroscope/event.h>
#include <coroscope/event_loop.h>
#include <coroscope/semaphore.h>
#include <coroscope/signal_stream.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/unix_stream.h>
#include <coroscope/when_all.h>
#include <csignal>
#include <cstddef>
#include <string>
#include <string_view>
#include <sys/resource.h>

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

TEST_CASE("ten thousand connections are open at once, each is served, and then there are none") {
  const most_descriptors raised;
  const std::size_t count = connections_that_fit(sanitized ? 500 : 10'000, raised.limit);
  leaves_nothing_behind([&] {
    event_loop loop;
    loop.run(crowd_of_connections(count).all_of_it());
  });
}

TEST_CASE_METHOD(on_each_backend, "hundreds of connections are open at once, each is served, and then there are none") {
  leaves_nothing_behind([] { run(crowd_of_connections(400).all_of_it()); });
}
