// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A task that is cancelled at each moment: after so many virtual milliseconds and so many turns of the other tasks.
#pragma once

#include "resources.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/task.h>
#include <cstddef>
#include <utility>

namespace coroscope::testing {

/// Spawns `victim` beside the running task, cancels it at that moment, and waits for its end.
struct moment {
  std::chrono::milliseconds after;
  int turns;

  task<> cancel(task<> victim) const {
    auto running = spawn(std::move(victim));
    co_await sleep_for(after);
    for (int i = 0; i < turns; ++i)
      co_await yield_now();
    running.cancel("at this moment");
    co_await running.ended();
    try {
      running.take();
    } catch (const task_cancelled &) {
    }
  }
};

/// Runs `scenario(moment)` for each moment from `first` on; whatever the moment, no descriptor is left open.
template <class Scenario>
void at_every_moment(Scenario scenario, std::chrono::milliseconds first = std::chrono::milliseconds(0)) {
  const std::size_t descriptors = open_descriptors();
  for (int milliseconds = 0; milliseconds <= 5; ++milliseconds)
    for (int turns = 0; turns <= 6; ++turns) {
      const moment when{first + std::chrono::milliseconds(milliseconds), turns};
      INFO("cancelled after " << when.after.count() << " ms and " << turns << " turns");
      run_in_virtual_time(scenario(when));
      CHECK(open_descriptors() == descriptors);
    }
}

} // namespace coroscope::testing
