// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With io_uring each call, and each thing that the kernel does for one, fails once, at each time: what passes is not
// seen, the rest reaches whoever awaits, and nothing leaks. Where there is no ring, epoll takes its place.
#include "captured_stderr.h"
#include "failing.h"
#include "on_each_backend.h"
#include "ring_faults.h"
#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/unix_stream.h>
#include <coroscope/when_all.h>
#include <cstddef>
#include <list>
#include <string>
#include <system_error>
#include <utility>

using namespace coroscope;
using namespace coroscope::testing;

namespace {

task<> ask_often(unix_stream &stream, live_count) {
  for (int i = 0; i < 5; ++i) {
    co_await stream.write_all("question");
    for (std::size_t left = 8; left > 0;)
      left -= co_await read_once(stream);
  }
  stream.shutdown_write();
}

task<> answer_all(unix_stream &stream, live_count) {
  std::string bytes(16, '\0');
  while (const std::size_t count = co_await stream.read_some(bytes))
    co_await stream.write_all({bytes.data(), count});
}

/// One exchange over TCP, of more than there is room for, a wait, and several that write in the same turns, so that
/// those are handed over together.
task<> much(int &alive) {
  co_await exchange(alive, 300'000);
  co_await sleep_for(std::chrono::milliseconds(1)); // the loop waits
  std::list<std::pair<unix_stream, unix_stream>> pairs;
  co_await with_task_group([&](task_group &group) -> task<> {
    for (int i = 0; i < 6; ++i) {
      auto &[client, server] = pairs.emplace_back(unix_stream::pair());
      group.spawn(ask_often(client, live_count(alive)));
      group.spawn(answer_all(server, live_count(alive)));
    }
    co_return;
  });
}

std::error_code error_of_much(int &alive) {
  return error_of_run([&] { return much(alive); }, io_backend::io_uring, event_loop::time_source::steady_clock);
}

bool has_io_uring() {
  return event_loop(event_loop::time_source::steady_clock, io_backend::io_uring).backend() == io_backend::io_uring;
}

bool makes_a_ring(ring_call call) { return call == ring_call::set_up || call == ring_call::provide_buffers; }

/// Whether the runtime tries again where that fails so.
bool passes(ring_call call, int error) {
  switch (call) {
  case ring_call::receive:
    return error == EINTR || error == ENOBUFS;
  case ring_call::send:
    return error == EINTR;
  default:
    return true;
  }
}

} // namespace

TEST_CASE("io_uring: what is interrupted is done again, and a lack of memory reaches whoever awaits, or passes") {
  if (!has_io_uring())
    return;
  for (const ring_call call : all_ring_calls)
    for (const int error : {EINTR, ENOMEM, ENOBUFS, EMFILE}) {
      const bool of_accept_only = error == EMFILE && call != ring_call::accept;
      const bool of_entries_only = error == ENOBUFS && (call == ring_call::exchange || call == ring_call::wait);
      if (makes_a_ring(call) || of_accept_only || of_entries_only)
        continue;
      INFO(name_of(call));
      const unsigned made = fail_each<failing_ring_calls>(call, error, error_of_much, [&](std::error_code ended) {
        CHECK(ended == std::error_code(passes(call, error) ? 0 : error, std::system_category()));
      });
      CHECK(made > 0);
    }
}

TEST_CASE("io_uring: a call that fails a hundred times loses nothing") {
  if (!has_io_uring())
    return;
  for (const ring_call call : {ring_call::exchange, ring_call::wait, ring_call::accept, ring_call::poll,
                               ring_call::receive, ring_call::send}) {
    INFO(name_of(call));
    const failing_ring_calls failing(call, EINTR, 0, 100);
    int alive = 0;
    CHECK(!error_of_much(alive));
    CHECK(alive == 0);
  }
}

TEST_CASE("io_uring: epoll is used where no ring can be made, and nothing stays open") {
  for (const ring_call call : {ring_call::set_up, ring_call::provide_buffers})
    for (const int error : {EMFILE, ENOMEM}) {
      const std::size_t descriptors = open_descriptors();
      captured_stderr([&] { // said once in each process
        const failing_ring_calls failing(call, error, 0, 1);
        event_loop loop(event_loop::time_source::steady_clock, io_backend::io_uring);
        CHECK(loop.backend() == io_backend::epoll);
        int alive = 0;
        loop.run(exchange(alive, 1000));
      });
      CHECK(open_descriptors() == descriptors);
    }
}
