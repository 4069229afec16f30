// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libuv's side of scripts/bench runtime: timers and the echo, as callbacks.
#include "measure.h"
#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <uv.h>
#include <vector>

namespace {

void check(int result) {
  if (result < 0)
    std::abort();
}

void nothing(uv_timer_t *) {}

void arm_and_cancel(uv_loop_t *loop) {
  std::vector<uv_timer_t> all(timers);
  const double begin = cpu_ns();
  for (uv_timer_t &each : all)
    check(uv_timer_init(loop, &each));
  for (int i = 0; i < timers; ++i)
    check(uv_timer_start(&all[static_cast<std::size_t>(i)], nothing, 3'600'000 + static_cast<unsigned>(i % 1000), 0));
  for (uv_timer_t &each : all)
    check(uv_timer_stop(&each));
  for (uv_timer_t &each : all)
    uv_close(reinterpret_cast<uv_handle_t *>(&each), nullptr);
  check(uv_run(loop, UV_RUN_DEFAULT));
  say("timer", cpu_ns() - begin, timers);
}

/// What sleeps goes away once it has slept, as a task does.
void end(uv_timer_t *timer) {
  uv_close(reinterpret_cast<uv_handle_t *>(timer), [](uv_handle_t *handle) {
    delete reinterpret_cast<uv_timer_t *>(handle); // uv_handle_t is what it begins with
  });
}

void fire(uv_loop_t *loop) {
  for (int i = 0; i < timers; ++i) {
    auto *each = new uv_timer_t;
    check(uv_timer_init(loop, each));
    check(uv_timer_start(each, end, static_cast<unsigned>(microseconds_of(i) / 1000), 0));
  }
  const double begin = cpu_ns();
  check(uv_run(loop, UV_RUN_DEFAULT));
  say("fire", cpu_ns() - begin, timers);
}

struct peer {
  uv_tcp_t stream{};
  uv_connect_t connecting{};
  uv_write_t writing{};
  std::array<char, 4096> buffer{};
  std::size_t got = 0;
  int left = requests;
  bool asks = false;
};

peer &of(uv_handle_t *handle) { return *static_cast<peer *>(handle->data); }
peer &of(uv_stream_t *stream) { return *static_cast<peer *>(stream->data); }

void provide(uv_handle_t *handle, std::size_t, uv_buf_t *buffer) {
  *buffer = uv_buf_init(of(handle).buffer.data(), 4096);
}

void close(peer &which) { uv_close(reinterpret_cast<uv_handle_t *>(&which.stream), nullptr); }

void write(peer &from, std::size_t count) {
  const uv_buf_t bytes = uv_buf_init(from.buffer.data(), static_cast<unsigned>(count));
  check(uv_write(&from.writing, reinterpret_cast<uv_stream_t *>(&from.stream), &bytes, 1, nullptr));
}

void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *) {
  peer &here = of(stream);
  if (count < 0)
    return close(here);
  if (!here.asks)
    return write(here, static_cast<std::size_t>(count));
  here.got += static_cast<std::size_t>(count);
  if (here.got < request_size)
    return;
  here.got = 0;
  if (--here.left > 0)
    write(here, request_size);
  else
    close(here);
}

std::vector<std::unique_ptr<peer>> peers;

peer &new_peer(uv_loop_t *loop, bool asks) {
  peer &made = *peers.emplace_back(std::make_unique<peer>());
  made.asks = asks;
  made.stream.data = &made;
  check(uv_tcp_init(loop, &made.stream));
  return made;
}

void on_connected(uv_connect_t *request, int status) {
  check(status);
  peer &here = of(request->handle);
  check(uv_tcp_nodelay(&here.stream, 1));
  check(uv_read_start(request->handle, provide, on_read));
  write(here, request_size);
}

int accepted = 0;

void on_connection(uv_stream_t *listener, int status) {
  check(status);
  peer &here = new_peer(listener->loop, false);
  auto *stream = reinterpret_cast<uv_stream_t *>(&here.stream);
  check(uv_accept(listener, stream));
  check(uv_tcp_nodelay(&here.stream, 1));
  check(uv_read_start(stream, provide, on_read));
  if (++accepted == connections)
    uv_close(reinterpret_cast<uv_handle_t *>(listener), nullptr);
}

void echo(uv_loop_t *loop) {
  const double begin = cpu_ns();
  uv_tcp_t listener;
  sockaddr_in address;
  check(uv_tcp_init(loop, &listener));
  check(uv_ip4_addr("127.0.0.1", 0, &address));
  check(uv_tcp_bind(&listener, reinterpret_cast<sockaddr *>(&address), 0));
  check(uv_listen(reinterpret_cast<uv_stream_t *>(&listener), 1024, on_connection));
  int size = sizeof address;
  check(uv_tcp_getsockname(&listener, reinterpret_cast<sockaddr *>(&address), &size));
  for (int i = 0; i < connections; ++i) {
    peer &client = new_peer(loop, true);
    check(uv_tcp_connect(&client.connecting, &client.stream, reinterpret_cast<sockaddr *>(&address), on_connected));
  }
  check(uv_run(loop, UV_RUN_DEFAULT));
  say("echo", cpu_ns() - begin, connections * requests);
}

} // namespace

int main(int count, char **words) {
  const wanted metrics(count, words);
  if (metrics.has("timer"))
    arm_and_cancel(uv_default_loop());
  if (metrics.has("fire"))
    fire(uv_default_loop());
  if (metrics.has("echo"))
    echo(uv_default_loop());
}
