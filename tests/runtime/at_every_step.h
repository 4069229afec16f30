// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A task that is cancelled at each moment of its life: between any two steps of the loop, in virtual time.
//
//   scenario, uncancelled -> how many steps there are, and at which awaits the victim was seen
//   scenario, once a step -> the victim is cancelled before that step -> everybody else comes to an end all the same
#pragma once

#include "resources.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <coroscope/detail/spawned_task.h>
#include <coroscope/task.h>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace coroscope::testing {

/// When a scenario's victim is cancelled: before a step of the loop, counted from 0 while a victim exists.
class moment {
public:
  static constexpr std::size_t never = SIZE_MAX;
  explicit moment(std::size_t step = never) noexcept : at_(step) {}
  moment(const moment &) = delete;
  moment &operator=(const moment &) = delete;

  /// Spawns `victim` beside the running task, cancels it at that moment, and waits for its end. Throws what it threw,
  /// unless that came of the cancellation. A scenario has one victim at a time.
  task<> cancel(task<> victim);

  /// Runs a scenario in which this is used.
  task<> watch(task<> scenario);

  /// Steps that were counted.
  std::size_t steps() const noexcept { return steps_; }
  /// The waits in which the victim was cancelled, or where it never is, seen: file:line of each co_await.
  const std::set<std::string> &waits() const noexcept { return waits_; }
  bool came() const noexcept { return came_; }

private:
  class between_steps;
  void look();

  const std::size_t at_;
  std::size_t steps_ = 0;
  bool came_ = false;
  std::set<std::string> waits_;
  detail::spawned_task *victim_ = nullptr;
  between_steps *watching_ = nullptr;
};

/// Runs `scenario(moment)` in virtual time. Nothing stays open.
template <class Scenario> void run_at(moment &when, Scenario &scenario) {
  const std::size_t descriptors = open_descriptors();
  run_in_virtual_time(when.watch(scenario(when)));
  CHECK(open_descriptors() == descriptors);
}

/// Runs `scenario(moment)`, a task, for each step at which its victim can be cancelled. For what depends on nothing
/// outside: each step is met.
template <class Scenario> void at_every_step(Scenario scenario) {
  moment never;
  run_at(never, scenario);
  REQUIRE_FALSE(never.waits().empty());
  for (std::size_t step = 0; step < never.steps(); ++step) {
    INFO("cancelled before step " << step << " of " << never.steps());
    moment when(step);
    run_at(when, scenario);
    CHECK(when.came());
  }
}

/// The same where the kernel or other threads decide which steps there are: each wait is met.
template <class Scenario> void at_every_wait(Scenario scenario) {
  // One is enough, nearly always; but what another thread answers may be there before the next step, time after time.
  constexpr int rounds = 1000;
  std::optional<moment> never;
  for (int round = 0; round < rounds && (!never || never->waits().empty()); ++round)
    run_at(never.emplace(), scenario);
  REQUIRE_FALSE(never->waits().empty());
  std::set<std::string> missed = never->waits();
  for (int round = 0; round < rounds && !missed.empty(); ++round)
    for (std::size_t step = 0; step < never->steps(); ++step) {
      INFO("cancelled before step " << step << " of " << never->steps());
      moment when(step);
      run_at(when, scenario);
      if (when.came())
        for (const std::string &wait : when.waits())
          missed.erase(wait);
    }
  INFO("the first wait that was not met is " << (missed.empty() ? "" : *missed.begin()));
  CHECK(missed.empty());
}

} // namespace coroscope::testing
