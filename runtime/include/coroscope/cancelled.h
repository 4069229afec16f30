// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a cancelled task sees, and what those see who wait for it.
//
//   cancel(reason) -> each await of the task throws cancelled -> the task ends -> who joins it gets task_cancelled
#pragma once

#include <source_location>
#include <stdexcept>
#include <string>
#include <utility>

namespace coroscope {

/// Thrown by every await of a task that was cancelled, from the one in which it is caught on, until it leaves what was
/// cancelled: the task, the group, the timeout. Whoever catches it to clean up rethrows it (`throw;`); whoever swallows
/// it meets it again at the next await. What has to be awaited while cleaning up goes into shield().
///
/// It is no std::exception, so that a handler for errors does not take it for one. asyncio: `CancelledError`.
class cancelled {
public:
  explicit cancelled(std::string reason, std::source_location origin = std::source_location::current())
      : reason_(std::move(reason)), origin_(origin) {}

  const std::string &reason() const noexcept { return reason_; }
  /// The call that cancelled: its place, and the function it stands in.
  const std::source_location &origin() const noexcept { return origin_; }

private:
  std::string reason_;
  std::source_location origin_;
};

/// Thrown to whoever joins a task that ended because it was cancelled, and by run() where that was the main task. It
/// says nothing about the task that gets it: that one goes on.
class task_cancelled : public std::runtime_error {
public:
  explicit task_cancelled(const cancelled &why)
      : std::runtime_error("coroscope: the task was cancelled: " + why.reason()), why_(why) {}
  const cancelled &why() const noexcept { return why_; }

private:
  cancelled why_;
};

} // namespace coroscope
