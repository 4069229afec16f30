// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What runs while calls fail: a server and a client, and each call in turn.
#pragma once

#include "live_count.h"
#include "resources.h"
#include "streams.h"
#include <catch2/catch.hpp>
#include <coroscope/event_loop.h>
#include <coroscope/signal_stream.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/when_all.h>
#include <csignal>
#include <cstddef>
#include <string>
#include <system_error>

namespace coroscope::testing {

inline task<> echo_once(tcp_listener &listener, live_count) {
  tcp_stream stream = co_await listener.accept();
  const std::string request = co_await read_all(stream, 65'536);
  co_await write_and_finish(stream, request);
}

inline task<std::string> ask(ip_endpoint server, std::string request, live_count) {
  tcp_stream stream = co_await tcp_stream::connect(server);
  co_await write_and_finish(stream, request);
  co_return co_await read_all(stream, 65'536);
}

/// A signal, and a request of some size to a server and its answer.
inline task<> exchange(int &alive, std::size_t size) {
  signal_stream signals{SIGUSR1};
  ::raise(SIGUSR1);
  const int signal = co_await signals.next();
  CHECK(signal == SIGUSR1);
  tcp_listener listener = tcp_listener::bind({ip_address::loopback(), 0});
  const std::string request = pattern(size);
  const auto [nothing, answer] =
      co_await when_all(echo_once(listener, live_count(alive)), ask(listener.local(), request, live_count(alive)));
  CHECK((answer == request));
}

/// The error with which the task that `main()` gives ends, on a loop of its own.
template <class Main> std::error_code error_of_run(Main main, io_backend backend, event_loop::time_source time) {
  try {
    event_loop loop(time, backend);
    loop.run(main());
  } catch (const std::system_error &error) {
    return error.code();
  }
  return {};
}

/// Fails each call in turn while `run(alive)` runs, which gives the error that came of it, and tells `seen` that.
/// `Failing` is made from the call, the error, and the first and the last number. How many calls there were to fail.
template <class Failing, class Call, class Run, class Seen>
unsigned fail_each(Call call, int error, Run run, Seen seen) {
  unsigned number = 0;
  for (bool reached = true; reached; ++number) {
    INFO("the call " << number << " of " << name_of(call) << " fails with " << error);
    const std::size_t descriptors = open_descriptors();
    int alive = 0;
    std::error_code ended;
    {
      const Failing failing(call, error, number, number + 1);
      ended = run(alive);
      reached = failing.failed() != 0;
    }
    if (reached)
      seen(ended);
    CHECK(alive == 0);
    CHECK(open_descriptors() == descriptors);
    REQUIRE(number < 1'000);
  }
  return number - 1;
}

} // namespace coroscope::testing
