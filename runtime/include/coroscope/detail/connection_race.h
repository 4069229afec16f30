// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Connecting to whichever address of a host answers first. [RFC 8305, "happy eyeballs"]
//
//   peers, families in turn -> an attempt, and the next when it has failed or after a delay -> the first to connect
//                                                                      the others are cancelled and have ended <-/
#pragma once

#include <chrono>
#include <coroscope/ip_address.h>
#include <coroscope/join_handle.h>
#include <coroscope/task.h>
#include <coroscope/task_group.h>
#include <coroscope/with_timeout.h>
#include <functional>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace coroscope::detail {

/// IPv6 and IPv4 addresses in turn, the family of the first one first, the order within each kept. [RFC 8305, 4]
std::vector<ip_endpoint> families_in_turn(const std::vector<ip_endpoint> &peers);

struct failed_attempt {
  ip_endpoint peer;
  std::system_error error;
};
/// Throws the error where there is one; one that names all addresses, with the code of the first, where there are more.
[[noreturn]] void throw_failed_attempts(const std::vector<failed_attempt> &failed);

/// `attempt(peer)` gives a task whose value is the connection, and that throws std::system_error where there is none.
/// An attempt begins when the one before has failed, or has taken `delay`. Precondition: there is a peer.
template <std::invocable<ip_endpoint> Attempt>
auto first_connection(std::vector<ip_endpoint> peers, Attempt attempt, std::chrono::nanoseconds delay)
    -> std::invoke_result_t<Attempt &, ip_endpoint> {
  std::optional<typename std::invoke_result_t<Attempt &, ip_endpoint>::value_type> winner;
  std::vector<failed_attempt> failed;
  const auto try_one = [&](task_group &race, ip_endpoint peer) -> task<> {
    try {
      auto connection = co_await attempt(peer);
      if (!winner)
        winner.emplace(std::move(connection));
      race.cancel("another address took the connection");
    } catch (const std::system_error &error) {
      failed.push_back({peer, error});
    }
  };
  const auto end_of = [](const join_handle<> &made) -> task<> { co_await made.ended(); };
  co_await with_task_group([&](task_group &race) -> task<> {
    for (const ip_endpoint &peer : peers) {
      const auto made = race.spawn(try_one(race, peer));
      try {
        co_await with_timeout(delay, end_of(made));
      } catch (const timed_out &) {
        continue;
      }
    }
  });
  if (!winner)
    throw_failed_attempts(failed);
  co_return std::move(*winner);
}

} // namespace coroscope::detail
