// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Work in processes of its own, so that one that crashes, hangs or eats all memory takes nothing else with it.
//
//   number --fork--> child: work(number) --memory file--> answer, or how it ended --> done(number, …)
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace coroscope {

/// How one child ended.
struct child_result {
  std::optional<std::string> answer; ///< what the work returned; absent where it did not come to its end
  int signal = 0;                    ///< that ended it; 0: none
  bool timed_out = false;
  std::string said; ///< the end of what it wrote to stdout and stderr
};

struct isolation {
  unsigned jobs = 1;               ///< children at a time; 0: none, the work is done in this process
  std::chrono::seconds timeout{0}; ///< for each child; 0: it may take as long as it wants
};

/// Runs `work` for each number below `count` in a child of its own and tells `done`, in this process, as each ends. The
/// caller has one thread. The children end with it.
void run_isolated(std::size_t count, isolation limits, const std::function<std::string(std::size_t)> &work,
                  const std::function<void(std::size_t, child_result)> &done);

} // namespace coroscope
