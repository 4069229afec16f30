// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Streams, signals and channels between loops, by tasks that are in a hurry and are cancelled at random: whatever the
// order, nothing is lost, doubled or torn. The seeds are fixed.
#include "live_count.h"
#include "on_each_backend.h"
#include "streams.h"
#include "virtual_time.h"
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/buffered_reader.h>
#include <coroscope/event_loop.h>
#include <coroscope/run_on_cores.h>
#include <coroscope/shared_channel.h>
#include <coroscope/signal_stream.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/unix_listener.h>
#include <coroscope/unix_stream.h>
#include <coroscope/with_timeout.h>
#include <csignal>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

class talkers {
public:
  explicit talkers(std::uint_fast32_t seed)
      : random_(seed), listener_(unix_listener::bind(unix_address::abstract(
                           "coroscope-stress-" + std::to_string(::getpid()) + "-" + std::to_string(seed)))) {}

  task<> all_of_it() {
    for (int round = 0; round < 3; ++round) {
      co_await with_task_group([&](task_group &group) -> task<> {
        std::vector<join_handle<>> members;
        for (int i = 0; i < 8; ++i)
          members.push_back(group.spawn(any_talk(live_count(alive_))));
        members.push_back(group.spawn(waits_for_signals(live_count(alive_))));
        for (int i = 0; i < 3; ++i) {
          co_await sleep_for(some_time());
          members[pick(members.size())].cancel();
        }
      });
      CHECK(alive_ == 0);
    }
    CHECK(lines_ > 0);
  }

private:
  std::size_t pick(std::size_t below) { return random_() % below; }
  std::chrono::microseconds some_time() { return std::chrono::microseconds(pick(2000)); }

  task<> any_talk(live_count alive) {
    for (int left = 2; left > 0; --left) {
      if (pick(2) == 0) {
        auto [one, other] = unix_stream::pair();
        co_await talk(std::move(one), std::move(other), alive);
        continue;
      }
      // Whoever connects may be served by what another one has accepted: their lines are the same.
      co_await with_task_group([&](task_group &group) -> task<> {
        group.spawn(connect_and_write(alive));
        unix_stream accepted = co_await listener_.accept();
        co_await read_lines(accepted, alive);
        group.cancel(); // nobody may ever read what our own writer writes
      });
    }
  }

  task<> talk(unix_stream from, unix_stream to, live_count alive) {
    co_await with_task_group([&](task_group &group) -> task<> {
      group.spawn(write_lines(from, alive));
      co_await read_lines(to, alive);
    });
  }

  task<> connect_and_write(live_count alive) {
    unix_stream stream = co_await unix_stream::connect(listener_.local());
    co_await write_lines(stream, alive);
  }

  static constexpr std::size_t lines_of_a_talk = 12;
  static std::string line(std::size_t number) {
    return std::string(number * number * 97 % 20'000, static_cast<char>('a' + number)) + std::to_string(number);
  }

  /// The reader may be gone before that: cancelled, or of a connection that nobody accepted in the end.
  task<> write_lines(unix_stream &to, live_count) {
    std::error_code error;
    try {
      for (std::size_t i = 0; i < lines_of_a_talk; ++i) {
        co_await to.write_all(line(i) + "\n");
        if (pick(4) == 0)
          co_await sleep_for(some_time() / 10);
      }
      to.shutdown_write();
    } catch (const std::system_error &gone) {
      error = gone.code();
    }
    if (error)
      CHECK((is(error, std::errc::broken_pipe) || is(error, std::errc::connection_reset)));
  }

  /// A read that was given up has taken nothing. A writer that was cancelled leaves a line that has no end, at most.
  task<> read_lines(unix_stream &from, live_count) {
    buffered_reader reader(from);
    for (std::size_t i = 0;;) {
      std::optional<std::string> got;
      try {
        got = co_await with_timeout(some_time() / 4, one_line(reader, i));
      } catch (const timed_out &) {
        continue;
      }
      if (!got)
        co_return;
      if (*got == line(i)) {
        ++lines_;
        ++i;
        continue;
      }
      CHECK(line(i).starts_with(*got));
      CHECK(reader.buffered().empty());
      co_return;
    }
  }
  task<std::optional<std::string>> one_line(buffered_reader &reader, std::size_t number) {
    if (number % 3 != 2)
      co_return co_await reader.read_line();
    try {
      std::string bytes = co_await reader.read_exactly(line(number).size() + 1);
      bytes.pop_back();
      co_return bytes;
    } catch (const unexpected_end &) {
    }
    co_return co_await reader.read_line(); // what is left of it
  }

  task<> waits_for_signals(live_count) {
    for (int i = 0; i < 3; ++i) {
      signal_stream signals{SIGUSR2};
      std::raise(SIGUSR2);
      const int signal = co_await signals.next();
      CHECK(signal == SIGUSR2);
      co_await sleep_for(some_time());
    }
  }

  std::mt19937 random_;
  unix_listener listener_;
  int alive_ = 0;
  int lines_ = 0;
};

} // namespace

TEST_CASE_METHOD(on_each_backend, "talks through Unix sockets that are cancelled at random tear no line") {
  for (std::uint_fast32_t seed = 1; seed <= 4; ++seed)
    run_in_virtual_time([](std::uint_fast32_t of) -> task<> {
      talkers all(of);
      co_await all.all_of_it();
    }(seed));
}

namespace {

/// What each core's tasks send to those of all cores.
struct exchange {
  static constexpr unsigned cores = 3;
  static constexpr int senders = 4; ///< on each core
  static constexpr int values = 100;

  shared_channel<int> values_between{8};
  std::atomic<int> senders_left{int{cores} * senders};
  std::atomic<long> sent_sum{0}, received_sum{0};
  std::atomic<int> sent{0}, received{0}, given_up{0};

  task<> send(std::mt19937 random) {
    for (int i = 0; i < values; ++i) {
      const int value = static_cast<int>(random() % 1'000'000);
      try {
        co_await with_timeout(std::chrono::microseconds(random() % 200), send_one(value));
        sent_sum += value;
        ++sent;
      } catch (const timed_out &) {
        ++given_up;
      }
    }
    if (--senders_left == 0)
      values_between.close();
  }
  task<> send_one(int value) { co_await values_between.send(value); }
  task<std::optional<int>> receive_one() { co_return co_await values_between.receive(); }

  task<> receive(std::mt19937 random) {
    for (;;) {
      std::optional<int> value;
      try {
        value = co_await with_timeout(std::chrono::microseconds(random() % 200), receive_one());
      } catch (const timed_out &) {
        continue;
      }
      if (!value)
        co_return;
      received_sum += *value;
      ++received;
    }
  }

  task<> on_core(unsigned core, unsigned seed) {
    co_await with_task_group([&](task_group &group) -> task<> {
      for (unsigned i = 0; i < senders; ++i)
        group.spawn(send(std::mt19937(seed + 100 * core + i)));
      for (unsigned i = 0; i < 2; ++i)
        group.spawn(receive(std::mt19937(seed + 1000 * core + i)));
      co_return;
    });
  }
};

} // namespace

TEST_CASE_METHOD(on_each_backend, "values between loops whose senders and receivers give up at random arrive once") {
  for (unsigned seed = 1; seed <= 2; ++seed) {
    exchange all;
    run_on_cores(exchange::cores, [&](unsigned core) { return all.on_core(core, seed); }, backend_);
    CHECK(all.sent + all.given_up == int{exchange::cores} * exchange::senders * exchange::values);
    CHECK(all.received == all.sent);
    CHECK(all.received_sum == all.sent_sum);
  }
}
