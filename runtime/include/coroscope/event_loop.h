// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// event_loop: which coroutine runs next.
//
//        +-> ready queue --resume, one after the other--> coroutines --suspend--+-> timers
//        |                                                                      +-> descriptors
//        +---- what has become ready <---- wait for the kernel or a timer <-----+
#pragma once

#include <atomic>
#include <chrono>
#include <concepts>
#include <coroscope/detail/mailbox.h>
#include <coroscope/detail/poller.h>
#include <coroscope/detail/signal_receiver.h>
#include <coroscope/detail/spawned_task.h>
#include <coroscope/detail/step_watch.h>
#include <coroscope/detail/timer_wheel.h>
#include <coroscope/detail/waiter.h>
#include <coroscope/io_backend.h>
#include <coroscope/join_handle.h>
#include <coroscope/task.h>
#include <coroscope/trace.h>
#include <csignal>
#include <cstddef>
#include <memory>
#include <optional>
#include <source_location>
#include <stdexcept>
#include <string>
#include <utility>

namespace coroscope {

/// Nothing is ready, no timer is armed, no descriptor is watched, no outside_work is left, and the main task has not
/// ended. Its text holds the await tree.
class deadlock_error : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

/// A loop of one thread. But for interrupt() and post(), none of its functions may be called from another one.
class event_loop {
public:
  using clock = std::chrono::steady_clock;

  /// Where the loop's time comes from.
  enum class time_source {
    steady_clock,
    /// Time stands still while anything is ready and jumps to the next timer when nothing is: for tests.
    virtual_clock,
  };

  /// `io` does its I/O: see io_backend, which says what it is unless given. Throws std::system_error, and
  /// std::invalid_argument where COROSCOPE_BACKEND names none.
  explicit event_loop(time_source time = time_source::steady_clock, io_backend io = default_backend());
  event_loop(const event_loop &) = delete;
  event_loop &operator=(const event_loop &) = delete;
  ~event_loop();

  /// Runs until `main` has ended, and gives its value or throws its exception; task_cancelled where it was interrupted.
  /// Before that, tasks that were spawned and have not ended are cancelled, and the loop runs until they have ended
  /// too; the frames of those that wait for what can never happen, or swallow the cancellation for ever, are destroyed.
  /// Throws deadlock_error where `main` can never end, and std::logic_error inside a running loop. asyncio: `run`.
  template <class T> T run(task<T> main) {
    require_no_running_loop();
    detail::spawned_task &root = detail::start_in(tasks_, std::move(main));
    join_handle<T> keeps_it(root);
    run_until_finished(root);
    return root.take<T>();
  }

  /// Starts `work` in the loop's next turn, on its own. The loop holds it until it has ended. asyncio: `create_task`.
  template <class T> join_handle<T> spawn(task<T> work) {
    return join_handle<T>(detail::start_in(tasks_, std::move(work)));
  }

  clock::time_point now() const noexcept { return time_ == time_source::steady_clock ? clock::now() : virtual_now_; }

  /// What does its I/O: what it was made with, or epoll where that cannot be had.
  io_backend backend() const noexcept { return descriptors_->kind(); }

  /// Each task that has not ended, and what it waits for: see coroscope::await_tree.
  std::string await_tree() const;

  /// Says on stderr where a step, what runs from one await to the next, or a posted function has taken longer than
  /// this. 100 ms unless set,
  /// never with a virtual clock; exact to about 10 ms. asyncio: `slow_callback_duration`.
  void report_slow_steps(std::chrono::nanoseconds longer_than) noexcept { watch_.set_limit(longer_than); }

  /// Cancels the main task that runs, or the next one. From any thread, and from a signal handler.
  void interrupt() noexcept;

  /// Calls `function()` on the loop's thread, in one of its next turns, after what was posted before. From any thread,
  /// as long as the loop exists; what is still there when it goes away is not called. `function` must not throw.
  /// A loop whose tasks wait for what will be posted, and for nothing else, is stuck, unless there is outside_work.
  /// asyncio: `call_soon_threadsafe`.
  template <std::invocable Function>
  void post(Function function, std::source_location from = std::source_location::current()) {
    class letter final : public detail::mail {
    public:
      letter(Function to_call, const detail::step_watch &watch, std::source_location from)
          : function_(std::move(to_call)), watch_(&watch), from_(from) {}
      void deliver() noexcept override {
        const std::unique_ptr<letter> self(this);
        const auto began = detail::step_watch::now();
        function_();
        watch_->posted_function_ended(began, from_);
      }
      void drop() noexcept override { delete this; }

    private:
      Function function_;
      const detail::step_watch *watch_;
      std::source_location from_;
    };
    post(static_cast<detail::mail &>(*new letter(std::move(function), watch_, from)));
  }
  /// For operations that end on other threads: `letter` is delivered on the loop's thread.
  void post(detail::mail &letter) noexcept;
  /// The same from a signal handler, which records no event of it.
  void post_from_handler(detail::mail &letter) noexcept;
  /// For the same, on the loop's thread: something is coming, so the loop is not stuck; and it has come.
  void expect_mail() noexcept { ++expected_; }
  void expected_mail_came() noexcept { --expected_; }
  void deliver_mail() noexcept { mailbox_.deliver(); }
  /// For what may come from another thread, or from this one: only with a virtual clock can the loop be stuck then.
  void hope_for_mail() noexcept { ++hoped_for_; }
  void stop_hoping() noexcept { --hoped_for_; }

  /// For awaiters: `entry` goes on after everything that is ready already.
  void make_ready(detail::ready_entry &entry) noexcept { ready_.push_back(entry); }
  /// For awaiters: `timer` is fulfilled at `deadline`.
  void arm(detail::timer &timer, clock::time_point deadline) noexcept {
    timers_.arm(timer, deadline);
    if (trace::recording()) [[unlikely]]
      record_armed(timer);
  }
  /// For awaiters: what waits on descriptors.
  detail::poller &descriptors() noexcept { return *descriptors_; }

private:
  friend detail::spawned_task;
  friend class outside_work;

  void begin_outside_work() noexcept { outside_work_.fetch_add(1, std::memory_order_relaxed); }
  void end_outside_work() noexcept;
  static void require_no_running_loop();
  void record_armed(const detail::timer &timer) const noexcept;
  void run_until_finished(detail::spawned_task &main);
  void shut_down(const detail::spawned_task &main);
  void destroy_stubborn_tasks();
  std::string await_tree_of(const detail::spawned_task &task) const;
  void turn();
  bool mail_is_coming() const noexcept;
  bool stuck() const noexcept;
  void wait_for_events();
  /// Frees what a burst of tasks has left in the frame pool, unless another one may still take it. Gives how long to
  /// wait until then, at most `longest`.
  std::optional<std::chrono::nanoseconds>
  keep_surplus_for_a_second(std::optional<std::chrono::nanoseconds> longest) noexcept;
  void destroy_tasks() noexcept;

  const time_source time_;
  clock::time_point virtual_now_{};
  std::atomic<bool> interrupted_ = false;
  detail::ready_list ready_;
  detail::step_watch watch_;
  detail::mailbox mailbox_;
  std::atomic<unsigned> outside_ = 0; ///< threads that are within interrupt() or post() now
  std::atomic<std::size_t> outside_work_ = 0;
  std::size_t expected_ = 0;  ///< operations that end on other threads
  std::size_t hoped_for_ = 0; ///< operations that may end on other threads
  std::optional<clock::time_point> surplus_until_;
  detail::timer_wheel timers_;
  std::unique_ptr<detail::poller> descriptors_;
  class root final : public detail::task_owner {
  public:
    explicit root(event_loop &loop) noexcept : task_owner(kind::loop, nullptr, loop) {}
    using cancel_scope::forget_cancellation;
    /// Its end ends the turn; null while turns go on without one.
    detail::spawned_task *main = nullptr;

  private:
    void task_ended(detail::spawned_task &task) noexcept override {
      if (&task == main)
        detail::this_thread.steps_in_turn = 0;
    }
  } tasks_{*this};
};

namespace detail {
[[noreturn]] void throw_no_loop();
} // namespace detail

/// The loop that runs on this thread. Throws std::logic_error where none does.
inline event_loop &current_loop() {
  if (!detail::this_thread.loop) [[unlikely]]
    detail::throw_no_loop();
  return *detail::this_thread.loop;
}

namespace detail {

/// Where SIGINT would end the process, it interrupts the loop instead, and a second one ends the process. For as long
/// as this exists.
class sigint_interrupts final : private signal_receiver {
public:
  explicit sigint_interrupts(event_loop &loop) : signal_receiver(rank::fallback), loop_(&loop) {
    start_where_default(SIGINT);
  }
  ~sigint_interrupts() { stop(); }

private:
  void receive(int signal) noexcept override;
  event_loop *loop_;
  std::atomic<bool> seen_before_ = false;
};

} // namespace detail

/// Runs `main` on a new loop, whose I/O `io` does. SIGINT cancels `main`, unless the program has arranged something
/// else for it; a second one ends the process.
template <class T> T run(task<T> main, io_backend io = default_backend()) {
  event_loop loop(event_loop::time_source::steady_clock, io);
  const detail::sigint_interrupts while_running(loop);
  return loop.run(std::move(main));
}

/// Says that something is to come from outside, by event_loop::post: while one exists the loop is not stuck, and its
/// time, where that is virtual, stands still. Moved to whoever is to post; made, moved and destroyed on any thread, as
/// long as the loop exists. asyncio needs none: its loops wait for ever.
class [[nodiscard]] outside_work {
public:
  /// Throws std::logic_error where no loop is given and none runs.
  explicit outside_work(event_loop &of = current_loop()) : of_(&of) { of_->begin_outside_work(); }
  outside_work(outside_work &&other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
  outside_work &operator=(outside_work &&other) noexcept {
    end();
    of_ = std::exchange(other.of_, nullptr);
    return *this;
  }
  ~outside_work() { end(); }
  /// Nothing more will come.
  void end() noexcept {
    if (event_loop *const of = std::exchange(of_, nullptr))
      of->end_outside_work();
  }

private:
  event_loop *of_;
};

/// event_loop::spawn on the current loop.
template <class T> join_handle<T> spawn(task<T> work) { return current_loop().spawn(std::move(work)); }

} // namespace coroscope
