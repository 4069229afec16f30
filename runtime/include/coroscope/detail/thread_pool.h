// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The threads on which to_thread runs what would block a loop: one pool a process, made when it is first needed.
//
//   start(job) -> queue -> one of the threads -> job.run()
#pragma once

#include <coroscope/detail/intrusive_list.h>

namespace coroscope::detail {

class pool_job : public list_node {
public:
  /// On a thread of the pool. The job may be gone when this returns.
  virtual void run() noexcept = 0;

protected:
  ~pool_job() = default;
};

/// Queues the job. Throws std::system_error where not even one thread can be made.
void start_on_pool(pool_job &job);
/// Takes back a job that no thread has begun. False where one has.
bool take_back(pool_job &job) noexcept;

} // namespace coroscope::detail
