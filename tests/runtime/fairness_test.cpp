// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A task whose awaits never have to wait lets the others have their turn all the same.
#include "on_each_backend.h"
#include "streams.h"
#include "virtual_time.h"
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/as_completed.h>
#include <coroscope/barrier.h>
#include <coroscope/channel.h>
#include <coroscope/event.h>
#include <coroscope/event_loop.h>
#include <coroscope/future.h>
#include <coroscope/mutex.h>
#include <coroscope/semaphore.h>
#include <coroscope/shared_channel.h>
#include <coroscope/sleep.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/when_all.h>
#include <coroscope/with_timeout.h>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

template <class Channel> task<> send_and_receive_for_ever() {
  Channel channel(1);
  for (;;) {
    co_await channel.send(1);
    co_await channel.receive();
  }
}

task<> lock_for_ever() {
  mutex lock;
  for (;;)
    const auto held = co_await lock.lock();
}

task<> acquire_for_ever() {
  semaphore seats(1);
  for (;;)
    const auto seat = co_await seats.acquire();
}

task<> see_an_event_for_ever() {
  event set;
  set.set();
  for (;;)
    co_await set.wait();
}

task<> arrive_for_ever() {
  barrier alone(1);
  for (;;)
    co_await alone.arrive_and_wait();
}

task<> look_at_a_future_for_ever() {
  completer<int> source;
  source.set_value(1);
  const auto result = source.get_future();
  for (;;)
    co_await result;
}

task<> join_for_ever() {
  const auto ended = spawn([]() -> task<> { co_return; }());
  for (;;)
    co_await ended.ended();
}

task<> complete_for_ever() {
  auto none = as_completed(std::vector<join_handle<>>());
  for (;;)
    co_await none.next();
}

struct always_ready {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};
task<> await_what_is_not_ours_for_ever() {
  for (;;)
    co_await always_ready();
}

const std::map<std::string, std::function<task<>()>> endless = {
    {"channel", send_and_receive_for_ever<channel<int>>},
    {"shared_channel", send_and_receive_for_ever<shared_channel<int>>},
    {"mutex", lock_for_ever},
    {"semaphore", acquire_for_ever},
    {"event", see_an_event_for_ever},
    {"barrier", arrive_for_ever},
    {"future", look_at_a_future_for_ever},
    {"join", join_for_ever},
    {"as_completed", complete_for_ever},
    {"a foreign awaitable", await_what_is_not_ours_for_ever},
};

task<> ask_once(ip_endpoint server) {
  tcp_stream stream = co_await tcp_stream::connect(server);
  co_await stream.write_all("x");
  co_await read_once(stream);
}

task<> answer_once(tcp_listener &listener) {
  tcp_stream stream = co_await listener.accept();
  co_await read_once(stream);
  co_await stream.write_all("y");
}

} // namespace

TEST_CASE("a task that never has to wait can be cancelled by another one") {
  for (const auto &[name, start] : endless) {
    INFO(name);
    run_in_virtual_time([](const std::function<task<>()> &make) -> task<> {
      auto busy = spawn(make());
      co_await yield_now();
      co_await yield_now();
      CHECK_FALSE(busy.done());
      busy.cancel();
      co_await busy.ended();
      CHECK(busy.was_cancelled());
    }(start));
  }
}

TEST_CASE("time goes on while a task never has to wait, and interrupts and mail come") {
  event_loop loop;
  std::atomic<bool> came = false;
  CHECK_THROWS_AS(loop.run([](std::atomic<bool> &flag) -> task<> {
    bool over = false;
    try {
      co_await with_timeout(1ms, lock_for_ever());
    } catch (const timed_out &) {
      over = true;
    }
    CHECK(over);
    current_loop().post([&] {
      flag = true;
      current_loop().interrupt();
    });
    co_await lock_for_ever();
  }(came)),
                  task_cancelled);
  CHECK(came);
}

TEST_CASE_METHOD(on_each_backend, "others do their I/O while a task never has to wait") {
  run([]() -> task<> {
    auto busy = spawn(lock_for_ever());
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    co_await when_all(ask_once(listener.local()), answer_once(listener));
    CHECK_FALSE(busy.done());
    busy.cancel();
    co_await busy.ended();
  }());
}

TEST_CASE_METHOD(on_each_backend, "one who reads what is there already lets the others have their turn") {
  run_in_virtual_time([]() -> task<> {
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    auto [client, server] = co_await when_all(tcp_stream::connect(listener.local()), listener.accept());
    constexpr std::size_t bytes = 10'000;
    co_await write_and_finish(client, std::string(bytes, 'x'));
    auto reading = spawn(read_all(server, 1));
    int turns = 0;
    while (!reading.done()) {
      ++turns;
      co_await yield_now();
    }
    const std::string all = co_await reading;
    CHECK(all.size() == bytes);
    CHECK(turns >= 10'000 / 128);
  }());
}
