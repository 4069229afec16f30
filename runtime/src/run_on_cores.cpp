// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loops of several threads, and how the failure of one ends the others.
//
//   main of a core throws -> fail(): noted, the other loops are interrupted -> all threads have ended -> rethrow
#include <algorithm>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/run_on_cores.h>
#include <coroscope/task_group.h>
#include <exception>
#include <mutex>
#include <sched.h>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace coroscope {

namespace {

class loops_of_cores {
public:
  loops_of_cores(std::function<task<>(unsigned)> main, io_backend io) : main_(std::move(main)), io_(io) {}

  void run(unsigned core) noexcept {
    try {
      event_loop loop(event_loop::time_source::steady_clock, io_);
      const detail::sigint_interrupts while_running(loop);
      const member of_these(*this, loop);
      loop.run(main_on(core));
    } catch (...) {
      fail(std::current_exception());
    }
  }

  void fail(const std::exception_ptr &error) noexcept {
    const std::lock_guard held(lock_);
    if (!is_task_cancelled(error))
      errors_.push_back(error);
    else if (!ends_)
      cancellation_ = error;
    if (!std::exchange(ends_, true))
      for (event_loop *each : running_)
        each->interrupt();
  }

  /// Precondition: all have ended.
  void rethrow() const {
    if (errors_.size() > 1)
      throw error_group(errors_);
    if (!errors_.empty())
      std::rethrow_exception(errors_.front());
    if (cancellation_)
      std::rethrow_exception(cancellation_);
  }

private:
  /// While it exists, the loop is interrupted when another one fails.
  class member {
  public:
    member(loops_of_cores &all, event_loop &loop) : all_(all), loop_(loop) {
      const std::lock_guard held(all_.lock_);
      all_.running_.push_back(&loop_);
      if (all_.ends_)
        loop_.interrupt();
    }
    member(const member &) = delete;
    member &operator=(const member &) = delete;
    ~member() {
      const std::lock_guard held(all_.lock_);
      std::erase(all_.running_, &loop_);
    }

  private:
    loops_of_cores &all_;
    event_loop &loop_;
  };

  /// So that the function is called on the loop.
  task<> main_on(unsigned core) { co_await main_(core); }

  static bool is_task_cancelled(const std::exception_ptr &error) noexcept {
    try {
      std::rethrow_exception(error);
    } catch (const task_cancelled &) {
      return true;
    } catch (...) {
      return false;
    }
  }

  const std::function<task<>(unsigned)> main_;
  const io_backend io_;
  std::mutex lock_;
  std::vector<event_loop *> running_;
  bool ends_ = false;
  std::vector<std::exception_ptr> errors_;
  std::exception_ptr cancellation_; ///< the first to end was cancelled
};

} // namespace

unsigned usable_cores() noexcept {
  cpu_set_t usable;
  CPU_ZERO(&usable);
  if (::sched_getaffinity(0, sizeof usable, &usable) == 0)
    return std::max(1U, static_cast<unsigned>(CPU_COUNT(&usable)));
  return std::max(1U, std::thread::hardware_concurrency()); // more processors than the set has room for
}

void run_on_cores(unsigned cores, std::function<task<>(unsigned core)> main, io_backend io) {
  if (detail::this_thread.loop)
    throw std::logic_error("coroscope: run_on_cores() inside a running event loop");
  if (cores == 0)
    cores = usable_cores();
  loops_of_cores loops(std::move(main), io);
  std::vector<std::thread> threads;
  try {
    for (unsigned core = 1; core < cores; ++core)
      threads.emplace_back([&loops, core] { loops.run(core); });
  } catch (...) {
    loops.fail(std::current_exception());
  }
  loops.run(0);
  for (std::thread &each : threads)
    each.join();
  loops.rethrow();
}

} // namespace coroscope
