// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A task that runs on its own: what the loop and the join handle share of it.
//
//   spawn -> ready queue -> runs -> task_finished -> joiners become ready, the loop lets go of it
#pragma once

#include <coroscope/detail/intrusive_list.h>
#include <coroscope/detail/outcome.h>
#include <coroscope/detail/waiter.h>
#include <coroscope/task.h>
#include <utility>

namespace coroscope {
class event_loop;
}

namespace coroscope::detail {

/// Says on stderr that a spawned task failed and nobody looked.
void report_untaken(const std::exception_ptr &error, const std::source_location &where) noexcept;

/// Referred to by its loop until it has ended, and by its join handle. Used on the loop's thread only.
class spawned_task : public list_node, public task_observer, public pooled {
public:
  spawned_task(event_loop &loop, std::coroutine_handle<> coroutine) noexcept : loop_(&loop), start_(coroutine) {}
  virtual ~spawned_task() = default;

  void task_finished() noexcept override;
  /// Destroys the coroutine frame, wherever it is suspended; joiners become ready and find no value.
  void abandon() noexcept;

  bool finished() const noexcept { return finished_; }
  waiter &start() noexcept { return start_; }
  const void *frame() const noexcept { return start_.frame(); }
  waiter_list &joiners() noexcept { return joiners_; }

  void refer() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0)
      delete this;
  }

private:
  virtual void destroy_frame() noexcept = 0;
  void wake_joiners() noexcept;

  event_loop *loop_;
  waiter start_;
  waiter_list joiners_;
  unsigned references_ = 0;
  bool finished_ = false;
};

template <class T> class spawned_task_of final : public spawned_task {
public:
  spawned_task_of(event_loop &loop, task<T> work) noexcept
      : spawned_task(loop, work.coroutine()), work_(std::move(work)) {
    work_.coroutine().promise().continue_with(continuation::to(*this));
  }
  ~spawned_task_of() override {
    if (work_ && !taken_ && result().failed())
      report_untaken(result().error(), work_.coroutine().promise().where());
  }

  T take() {
    if (!work_)
      throw std::logic_error("coroscope: a joined task was destroyed when its loop ended");
    taken_ = true;
    return result().take();
  }

private:
  outcome<T> &result() const noexcept { return work_.coroutine().promise().result(); }
  void destroy_frame() noexcept override {
    taken_ = true;
    task<T> dropped = std::move(work_);
  }

  task<T> work_;
  bool taken_ = false;
};

} // namespace coroscope::detail
