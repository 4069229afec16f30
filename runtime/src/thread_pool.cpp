// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pool: threads are added while jobs wait and no thread is idle, up to a limit, and end with the process. That
// waits for none of them: who needs a job's end has waited for it, and a name that is looked up for nobody may take
// long.
#include <algorithm>
#include <condition_variable>
#include <coroscope/detail/thread_pool.h>
#include <csignal>
#include <cstddef>
#include <mutex>
#include <pthread.h>
#include <system_error>
#include <thread>

namespace coroscope::detail {

namespace {

class thread_pool {
public:
  void start(pool_job &job) {
    {
      const std::lock_guard held(lock_);
      jobs_.push_back(job);
      ++waiting_;
      if (waiting_ > idle_ && threads_ < most_threads())
        add_thread(job);
    }
    changed_.notify_one();
  }

  bool take_back(pool_job &job) noexcept {
    const std::lock_guard held(lock_);
    if (!job.linked())
      return false;
    job.unlink();
    --waiting_;
    return true;
  }

private:
  static std::size_t most_threads() noexcept {
    return std::clamp<std::size_t>(std::thread::hardware_concurrency() + 4, 5, 32);
  }

  /// Signals are for the program's own threads.
  void add_thread(pool_job &job) {
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      std::thread([this] { work(); }).detach();
      ++threads_;
    } catch (const std::system_error &) {
      if (threads_ == 0) {
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        job.unlink();
        --waiting_;
        throw;
      }
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  [[noreturn]] void work() {
    std::unique_lock held(lock_);
    for (;;) {
      ++idle_;
      changed_.wait(held, [this] { return !jobs_.empty(); });
      --idle_;
      pool_job &job = jobs_.pop_front();
      --waiting_;
      held.unlock();
      job.run();
      held.lock();
    }
  }

  std::mutex lock_;
  std::condition_variable changed_;
  intrusive_list<pool_job> jobs_;
  std::size_t waiting_ = 0; ///< jobs
  std::size_t idle_ = 0;    ///< threads
  std::size_t threads_ = 0;
};

thread_pool &pool() {
  static thread_pool &never_destroyed = *new thread_pool;
  return never_destroyed;
}

} // namespace

void start_on_pool(pool_job &job) { pool().start(job); }
bool take_back(pool_job &job) noexcept { return pool().take_back(job); }

} // namespace coroscope::detail
