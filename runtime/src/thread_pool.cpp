// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pool: threads are added while jobs wait and no thread is idle, up to a limit, and end with the process.
#include <algorithm>
#include <condition_variable>
#include <coroscope/detail/thread_pool.h>
#include <csignal>
#include <cstddef>
#include <mutex>
#include <pthread.h>
#include <system_error>
#include <thread>
#include <vector>

namespace coroscope::detail {

namespace {

class thread_pool {
public:
  ~thread_pool() {
    {
      const std::lock_guard held(lock_);
      ends_ = true;
    }
    changed_.notify_all();
    for (std::thread &each : threads_)
      each.join();
  }

  void start(pool_job &job) {
    {
      const std::lock_guard held(lock_);
      jobs_.push_back(job);
      ++waiting_;
      if (waiting_ > idle_ && threads_.size() < most_threads())
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
      threads_.emplace_back([this] { work(); });
    } catch (const std::system_error &) {
      if (threads_.empty()) {
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        job.unlink();
        --waiting_;
        throw;
      }
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void work() {
    std::unique_lock held(lock_);
    for (;;) {
      ++idle_;
      changed_.wait(held, [this] { return ends_ || !jobs_.empty(); });
      --idle_;
      if (jobs_.empty())
        return;
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
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

thread_pool &pool() {
  static thread_pool the_pool;
  return the_pool;
}

} // namespace

void start_on_pool(pool_job &job) { pool().start(job); }
bool take_back(pool_job &job) noexcept { return pool().take_back(job); }

} // namespace coroscope::detail
