// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The runtime's side of scripts/bench runtime, with its diagnosis on.
#include "measure.h"
#include <array>
#include <chrono>
#include <coroscope/event.h>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/unix_stream.h>
#include <coroscope/with_timeout.h>
#include <cstddef>
#include <string_view>
#include <sys/resource.h>
#include <utility>
#include <vector>

using namespace coroscope;
using namespace std::chrono_literals;

namespace {

[[gnu::noinline]] task<int> child(int value) { co_return value; }

/// Whose frame a compiler may put into its caller's.
task<int> visible_child(int value) { co_return value; }

task<> call_and_return() {
  long sum = 0;
  const double begin = cpu_ns();
  for (int i = 0; i < calls; ++i)
    sum += co_await child(i);
  say("call", cpu_ns() - begin, calls);
  if (sum == 1)
    std::abort();
}

task<> call_visible() {
  long sum = 0;
  const double begin = cpu_ns();
  for (int i = 0; i < calls; ++i)
    sum += co_await visible_child(i);
  say("call_visible", cpu_ns() - begin, calls);
  if (sum == 1)
    std::abort();
}

task<> spawn_and_join() {
  long sum = 0;
  const double begin = cpu_ns();
  for (int i = 0; i < spawns; ++i)
    sum += co_await spawn(child(i));
  say("spawn", cpu_ns() - begin, spawns);
  if (sum == 1)
    std::abort();
}

task<> take_turns() {
  for (int i = 0; i < switches / 2; ++i)
    co_await yield_now();
}

task<> switch_tasks() {
  const double begin = cpu_ns();
  auto a = spawn(take_turns());
  auto b = spawn(take_turns());
  co_await a;
  co_await b;
  say("switch", cpu_ns() - begin, switches);
}

task<> arm_and_cancel() {
  const double begin = cpu_ns();
  for (int i = 0; i < timers; ++i)
    co_await with_timeout(1h, child(i));
  say("timer", cpu_ns() - begin, timers);
}

task<> sleep_microseconds(int count) { co_await sleep_for(std::chrono::microseconds(count)); }

task<> fire() {
  double begin = 0;
  co_await with_task_group([&](task_group &group) -> task<> {
    for (int i = 0; i < timers; ++i)
      group.spawn(sleep_microseconds(microseconds_of(i)));
    co_await yield_now(); // all of them are asleep
    begin = cpu_ns();
  });
  say("fire", cpu_ns() - begin, timers);
}

task<> sleep_long() { co_await sleep_for(1h); }

task<> idle(const char *name, int tasks) {
  const double before = heap_bytes();
  co_await with_task_group([&](task_group &group) -> task<> {
    for (int i = 0; i < tasks; ++i)
      group.spawn(sleep_long());
    co_await sleep_for(1ms);
    say(name, heap_bytes() - before, tasks);
    group.cancel();
  });
}

task<> wait_for(event &request) { co_await request.wait(); }
task<> wait_for_an_hour(event &request) { co_await with_timeout(1h, wait_for(request)); }

/// What handles an idle connection: begins, waits with a timeout, is cancelled and ends; so many at a time.
task<> come_and_go(const char *name, int tasks) {
  event never;
  const double begin = cpu_ns();
  for (int left = many_tasks; left > 0; left -= tasks)
    co_await with_task_group([&](task_group &group) -> task<> {
      for (int i = 0; i < tasks; ++i)
        group.spawn(wait_for_an_hour(never));
      co_await yield_now();
      co_await yield_now();
      group.cancel();
    });
  say(name, cpu_ns() - begin, many_tasks);
}

task<> read_until_closed(unix_stream stream) {
  std::array<char, 64> buffer;
  while (co_await stream.read_some(buffer)) {
  }
}

/// So many streams that are read from are closed in one turn.
task<> close_all(const char *name, int streams) {
  std::vector<unix_stream> peers;
  double begin = 0;
  co_await with_task_group([&](task_group &group) -> task<> {
    for (int i = 0; i < streams; ++i) {
      auto [here, there] = unix_stream::pair();
      peers.push_back(std::move(here));
      group.spawn(read_until_closed(std::move(there)));
    }
    co_await sleep_for(1ms);
    begin = cpu_ns();
    group.cancel();
  });
  say(name, cpu_ns() - begin, streams);
}

/// Arms and cancels while so many others are armed.
task<> arm_among(const char *name, int others) {
  co_await with_task_group([&](task_group &group) -> task<> {
    for (int i = 0; i < others; ++i)
      group.spawn(sleep_long());
    co_await sleep_for(1ms);
    const double begin = cpu_ns();
    for (int i = 0; i < timers; ++i)
      co_await with_timeout(1h, child(i));
    say(name, cpu_ns() - begin, timers);
    group.cancel();
  });
}

task<> serve(tcp_stream stream) {
  std::array<char, 4096> buffer;
  while (const std::size_t count = co_await stream.read_some(buffer))
    co_await stream.write_all({buffer.data(), count});
}

task<> ask(ip_endpoint server) {
  tcp_stream stream = co_await tcp_stream::connect(server);
  std::array<char, 4096> buffer{};
  for (int i = 0; i < requests; ++i) {
    co_await stream.write_all({buffer.data(), request_size});
    for (std::size_t got = 0; got < request_size;)
      got += co_await stream.read_some(buffer);
  }
}

task<> echo(const char *name) {
  tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
  const double begin = cpu_ns();
  co_await with_task_group([&](task_group &group) -> task<> {
    for (int i = 0; i < connections; ++i) {
      group.spawn(ask(listener.local()));
      group.spawn(serve(co_await listener.accept()));
    }
  });
  say(name, cpu_ns() - begin, connections * requests);
}

} // namespace

int main(int count, char **words) {
  const wanted metrics(count, words);
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);
  if (metrics.has("bytes"))
    run(idle("bytes", idle_tasks));
  if (metrics.has("bytes_of_few"))
    run(idle("bytes_of_few", few));
  if (metrics.has("bytes_of_many"))
    run(idle("bytes_of_many", many_tasks));
  if (metrics.has("timer_of_few"))
    run(arm_among("timer_of_few", few));
  if (metrics.has("timer_of_many"))
    run(arm_among("timer_of_many", many));
  if (metrics.has("time_of_few"))
    run(come_and_go("time_of_few", few));
  if (metrics.has("time_of_many"))
    run(come_and_go("time_of_many", many_tasks));
  if (metrics.has("close_of_few"))
    run(close_all("close_of_few", few), io_backend::io_uring);
  if (metrics.has("close_of_many"))
    run(close_all("close_of_many", many_streams), io_backend::io_uring);
  if (metrics.has("call"))
    run(call_and_return());
  if (metrics.has("call_visible"))
    run(call_visible());
  if (metrics.has("spawn"))
    run(spawn_and_join());
  if (metrics.has("switch"))
    run(switch_tasks());
  if (metrics.has("timer"))
    run(arm_and_cancel());
  if (metrics.has("fire"))
    run(fire());
  if (metrics.has("echo"))
    run(echo("echo"));
  if (metrics.has("echo_io_uring"))
    run(echo("echo_io_uring"), io_backend::io_uring);
}
