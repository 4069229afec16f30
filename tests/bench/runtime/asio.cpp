// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Boost.Asio's side of scripts/bench runtime: its coroutines, timers and sockets, as its examples use them.
#include "measure.h"
#include <array>
#include <boost/asio.hpp>
#include <chrono>
#include <cstddef>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

[[gnu::noinline]] awaitable<int> child(int value) { co_return value; }

/// Whose frame a compiler may put into its caller's.
awaitable<int> visible_child(int value) { co_return value; }

awaitable<void> call_and_return() {
  long sum = 0;
  const double begin = cpu_ns();
  for (int i = 0; i < calls; ++i)
    sum += co_await child(i);
  say("call", cpu_ns() - begin, calls);
  if (sum == 1)
    std::abort();
}

awaitable<void> call_visible() {
  long sum = 0;
  const double begin = cpu_ns();
  for (int i = 0; i < calls; ++i)
    sum += co_await visible_child(i);
  say("call_visible", cpu_ns() - begin, calls);
  if (sum == 1)
    std::abort();
}

awaitable<void> spawn_and_join() {
  long sum = 0;
  const auto executor = co_await asio::this_coro::executor;
  const double begin = cpu_ns();
  for (int i = 0; i < spawns; ++i)
    sum += co_await asio::co_spawn(executor, child(i), use_awaitable);
  say("spawn", cpu_ns() - begin, spawns);
  if (sum == 1)
    std::abort();
}

awaitable<void> take_turns() {
  for (int i = 0; i < switches / 2; ++i)
    co_await asio::post(use_awaitable);
}

void switch_tasks() {
  asio::io_context context(1);
  asio::co_spawn(context, take_turns(), asio::detached);
  asio::co_spawn(context, take_turns(), asio::detached);
  const double begin = cpu_ns();
  context.run();
  say("switch", cpu_ns() - begin, switches);
}

void arm_and_cancel() {
  asio::io_context context(1);
  const auto work = asio::make_work_guard(context);
  const double begin = cpu_ns();
  asio::steady_timer timer(context);
  for (int i = 0; i < timers; ++i) {
    timer.expires_after(1h);
    timer.async_wait([](boost::system::error_code) {});
    timer.cancel();
    context.poll();
  }
  say("timer", cpu_ns() - begin, timers);
}

awaitable<void> sleep_microseconds(int count) {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::microseconds(count));
  co_await timer.async_wait(use_awaitable);
}

void fire() {
  asio::io_context context(1);
  for (int i = 0; i < timers; ++i)
    asio::co_spawn(context, sleep_microseconds(microseconds_of(i)), asio::detached);
  context.poll(); // all of them are asleep
  const double begin = cpu_ns();
  context.run();
  say("fire", cpu_ns() - begin, timers);
}

awaitable<void> sleep_long() {
  asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
  co_await timer.async_wait(use_awaitable);
}

void idle() {
  asio::io_context context(1);
  const double before = heap_bytes();
  for (int i = 0; i < idle_tasks; ++i)
    asio::co_spawn(context, sleep_long(), asio::detached);
  context.poll();
  say("bytes", heap_bytes() - before, idle_tasks);
}

awaitable<void> serve(tcp::socket stream) {
  std::array<char, 4096> buffer;
  for (;;) {
    boost::system::error_code error;
    const std::size_t count =
        co_await stream.async_read_some(asio::buffer(buffer), asio::redirect_error(use_awaitable, error));
    if (error)
      break;
    co_await asio::async_write(stream, asio::buffer(buffer, count), use_awaitable);
  }
}

awaitable<void> ask(tcp::endpoint server) {
  tcp::socket stream(co_await asio::this_coro::executor);
  co_await stream.async_connect(server, use_awaitable);
  stream.set_option(tcp::no_delay(true));
  std::array<char, 4096> buffer{};
  for (int i = 0; i < requests; ++i) {
    co_await asio::async_write(stream, asio::buffer(buffer, request_size), use_awaitable);
    for (std::size_t got = 0; got < request_size;)
      got += co_await stream.async_read_some(asio::buffer(buffer), use_awaitable);
  }
}

awaitable<void> echo() {
  const auto executor = co_await asio::this_coro::executor;
  tcp::acceptor acceptor(executor, {asio::ip::address_v4::loopback(), 0});
  for (int i = 0; i < connections; ++i) {
    asio::co_spawn(executor, ask(acceptor.local_endpoint()), asio::detached);
    tcp::socket stream = co_await acceptor.async_accept(use_awaitable);
    stream.set_option(tcp::no_delay(true));
    asio::co_spawn(executor, serve(std::move(stream)), asio::detached);
  }
}

void run(awaitable<void> work) {
  asio::io_context context(1);
  asio::co_spawn(context, std::move(work), asio::detached);
  context.run();
}

} // namespace

int main(int count, char **words) {
  const wanted metrics(count, words);
  if (metrics.has("bytes"))
    idle();
  if (metrics.has("call"))
    run(call_and_return());
  if (metrics.has("call_visible"))
    run(call_visible());
  if (metrics.has("spawn"))
    run(spawn_and_join());
  if (metrics.has("switch"))
    switch_tasks();
  if (metrics.has("timer"))
    arm_and_cancel();
  if (metrics.has("fire"))
    fire();
  if (metrics.has("echo")) {
    const double begin = cpu_ns();
    run(echo());
    say("echo", cpu_ns() - begin, connections * requests);
  }
}
