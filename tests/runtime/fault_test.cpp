// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each call of the C library fails once, at each time that it is made, with errors that a healthy program meets:
// interrupted calls are not seen, the others reach whoever awaits, and nothing leaks.
//
// io_uring makes some of these calls as well, before it has anything wait: ring_fault_test.cpp has what it makes
// itself.
#include "captured_stderr.h"
#include "failing.h"
#include "faults.h"
#include "on_each_backend.h"
#include "streams.h"
#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/unix_listener.h>
#include <coroscope/unix_stream.h>
#include <coroscope/when_all.h>
#include <coroscope/with_timeout.h>
#include <cstddef>
#include <optional>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

using namespace coroscope;
using namespace coroscope::testing;

namespace {

bool is_of(io_backend backend, library_call call) {
  switch (call) {
  case library_call::epoll_ctl:
  case library_call::epoll_wait:
    return backend == io_backend::epoll;
  case library_call::ppoll:
    return backend == io_backend::poll;
  case library_call::select:
    return backend == io_backend::select;
  default:
    return true;
  }
}

bool waits(library_call call) {
  return call == library_call::epoll_wait || call == library_call::ppoll || call == library_call::select;
}

bool makes_a_descriptor(library_call call) { return call == library_call::socket || call == library_call::eventfd; }

std::error_code error_of_exchange(io_backend backend, int &alive, std::size_t size) {
  return error_of_run([&] { return exchange(alive, size); }, backend, event_loop::time_source::virtual_clock);
}

template <class Seen>
unsigned fail_each_of_exchange(library_call call, int error, io_backend backend, std::size_t size, Seen seen) {
  const auto run = [&](int &alive) { return error_of_exchange(backend, alive, size); };
  return fail_each<failing_calls>(call, error, run, seen);
}

/// The `number`th try to accept fails, and the listener goes away before the accept goes on.
template <class Stream, class Listener, class Address>
task<> close_when_an_accept_has_failed(Address local, int error, unsigned number, bool destroyed) {
  const failing_calls failing(library_call::accept4, error, number, number + 1);
  std::optional<Listener> listener(Listener::bind(local));
  const auto accept = [](Listener &on) -> task<> { co_await on.accept(); };
  auto accepting = spawn(error_of(accept(*listener)));
  auto connecting = spawn(Stream::connect(listener->local()));
  while (failing.failed() == 0)
    co_await yield_now();
  if (destroyed)
    listener.reset();
  else
    listener->close();
  co_await connecting.ended();
  const std::error_code ended = co_await accepting;
  CHECK(is(ended, std::errc::operation_canceled));
}

constexpr std::size_t request_size = 1'000'000;

} // namespace

TEST_CASE_METHOD(on_each_backend, "a call that a signal interrupts is made again, whichever it is") {
  for (const library_call call : all_library_calls) {
    if (!is_of(backend_, call) || makes_a_descriptor(call) || call == library_call::epoll_ctl)
      continue; // these are never interrupted
    const unsigned made =
        fail_each_of_exchange(call, EINTR, backend_, request_size, [](std::error_code ended) { CHECK(!ended); });
    CHECK(made > 0);
  }
}

TEST_CASE_METHOD(on_each_backend, "every call is interrupted several times, and nothing is lost") {
  for (const library_call call : all_library_calls) {
    if (!is_of(backend_, call) || makes_a_descriptor(call) || call == library_call::epoll_ctl)
      continue;
    const failing_calls failing(call, EINTR, 0, call == library_call::connect ? 1 : 5);
    int alive = 0;
    CHECK(!error_of_exchange(backend_, alive, request_size));
    CHECK(alive == 0);
  }
}

TEST_CASE_METHOD(on_each_backend, "a lack of memory or buffers reaches whoever awaits, or passes") {
  for (const int error : {ENOMEM, ENOBUFS})
    for (const library_call call : all_library_calls) {
      if (!is_of(backend_, call) || (waits(call) && error == ENOBUFS))
        continue;
      const bool passes = call == library_call::accept4 || waits(call); // these try again
      const std::string said = captured_stderr([&] {
        const unsigned made = fail_each_of_exchange(call, error, backend_, 100'000, [&](std::error_code ended) {
          CHECK(ended == std::error_code(passes ? 0 : error, std::system_category()));
        });
        CHECK(made > 0);
      });
      CHECK((said.find("cannot accept a connection for now") != std::string::npos) == (call == library_call::accept4));
    }
}

TEST_CASE_METHOD(on_each_backend,
                 "a lack of descriptors reaches whoever awaits, and an accept waits until it has passed") {
  for (const int error : {EMFILE, ENFILE})
    for (const library_call call : {library_call::accept4, library_call::socket, library_call::eventfd}) {
      const std::string said = captured_stderr([&] {
        const unsigned made = fail_each_of_exchange(call, error, backend_, 1000, [&](std::error_code ended) {
          CHECK(ended == std::error_code(call == library_call::accept4 ? 0 : error, std::system_category()));
        });
        CHECK(made > 0);
      });
      CHECK(said.empty() == (call != library_call::accept4));
    }
}

TEST_CASE_METHOD(on_each_backend,
                 "an accept that fails a hundred times for want of descriptors says so once and then accepts") {
  {
    std::error_code ended;
    int alive = 0;
    const std::string said = captured_stderr([&] {
      const failing_calls failing(library_call::accept4, EMFILE, 0, 100);
      ended = error_of_exchange(backend_, alive, 1000);
      CHECK(failing.failed() == 100);
    });
    CHECK(!ended);
    CHECK(said.find("coroscope: cannot accept") == said.rfind("coroscope: cannot accept"));
  }
}

TEST_CASE_METHOD(on_each_backend,
                 "a listener may be closed or destroyed while an accept of it pauses, or is about to try again") {
  const auto name = unix_address::abstract("coroscope-pause-" + std::to_string(::getpid()));
  for (const auto &[number, error] : {std::pair(0u, EMFILE), std::pair(1u, EMFILE), std::pair(1u, ECONNABORTED)})
    for (const bool destroyed : {false, true}) {
      if (number == 1 && backend_ == io_backend::io_uring)
        continue; // the kernel makes that call
      INFO("try " << number << " with " << error << ", destroyed: " << destroyed);
      const ip_endpoint any{ip_address::loopback(), 0};
      event_loop loop(event_loop::time_source::virtual_clock, backend_);
      captured_stderr([&] {
        loop.run(close_when_an_accept_has_failed<tcp_stream, tcp_listener>(any, error, number, destroyed));
        loop.run(close_when_an_accept_has_failed<unix_stream, unix_listener>(name, error, number, destroyed));
      });
    }
}

TEST_CASE_METHOD(on_each_backend, "a connection that is lost before it is accepted is not the listener's error") {
  for (const int error : {ECONNABORTED, EPROTO, ENETDOWN, EHOSTUNREACH, ETIMEDOUT})
    fail_each_of_exchange(library_call::accept4, error, backend_, 1000, [](std::error_code ended) { CHECK(!ended); });
}

TEST_CASE_METHOD(on_each_backend, "reads and writes of one byte each move every byte once") {
  const single_bytes slow;
  int alive = 0;
  CHECK(!error_of_exchange(backend_, alive, 20'000));
  event_loop loop(event_loop::time_source::virtual_clock, backend_);
  loop.run([]() -> task<> {
    auto [client, server] = unix_stream::pair();
    const std::string sent = pattern(20'000);
    const auto [nothing, received] = co_await when_all(write_and_finish(client, sent), read_all(server));
    CHECK((received == sent));
  }());
}

TEST_CASE_METHOD(on_each_backend, "one who writes, whatever room there always is, lets the others have their turn") {
  event_loop loop(event_loop::time_source::virtual_clock, backend_);
  loop.run([]() -> task<> {
    tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
    auto [client, server] = co_await when_all(tcp_stream::connect(listener.local()), listener.accept());
    const single_bytes one_at_a_time;
    const std::string bytes = pattern(1000);
    auto writing = spawn(write_and_finish(client, bytes));
    int turns = 0;
    while (!writing.done()) {
      ++turns;
      co_await yield_now();
    }
    CHECK(turns > 20);
    const std::string all = co_await read_all(server);
    CHECK((all == bytes));
  }());
}

TEST_CASE("a look-up that hangs keeps nobody from giving up: timeouts come, and the loop ends") {
  const hanging_look_ups until_the_end;
  run([]() -> task<> {
    const std::error_code error =
        co_await error_of(with_timeout(std::chrono::milliseconds(1), tcp_stream::connect("slow.example", 80)));
    CHECK(is(error, std::errc::timed_out));
    spawn(tcp_stream::connect("slow.example", 80));
    co_await yield_now();
    co_await yield_now();
  }());
}
