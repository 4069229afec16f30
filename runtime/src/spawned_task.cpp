// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a spawned task starts and ends, and what is said when nobody looks at a task.
#include <coroscope/detail/spawned_task.h>
#include <coroscope/event_loop.h>
#include <coroscope/trace.h>
#include <cstdio>
#include <exception>
#include <string>

namespace coroscope::detail {

void task_owner::adopt(spawned_task &spawned) noexcept {
  spawned.refer();
  ++tasks_;
  loop_->make_ready(spawned.start_);
  trace::record(trace::event_kind::task_spawned, spawned.frame());
}

void task_owner::destroy_tasks() noexcept {
  // Those in groups of others go first, so that the stack does not grow with groups within groups.
  for (cancel_scope *each = &innermost(*this); each != this;) {
    if (each->what() != kind::task) {
      each = &next_outwards(*each);
      continue;
    }
    cancel_scope *const above = each->parent();
    destroy(static_cast<spawned_task &>(*each));
    each = &innermost(*above);
  }
}

void task_owner::destroy(spawned_task &task) noexcept {
  task.abandon();
  task.release();
}

std::vector<spawned_task *> task_owner::tasks() {
  std::vector<spawned_task *> all;
  all.reserve(tasks_);
  for (cancel_scope *each = children().first(); each; each = children().after(*each))
    if (each->what() == kind::task)
      all.push_back(static_cast<spawned_task *>(each));
  return all;
}

void spawned_task::leave_owner() noexcept {
  unlink();
  --static_cast<task_owner *>(parent())->tasks_;
}

spawned_task::~spawned_task() {
  if (state_ == state::destroyed)
    return;
  if (const std::exception_ptr error = promise().error(); error && !taken_ && !ended_cancelled())
    report_untaken(error, promise().where());
  destroy_task(coroutine().target(), promise());
}

bool spawned_task::is_running() const noexcept {
  const cancel_scope *at = this_thread.scope;
  while (at && at->what() != kind::task)
    at = at->parent();
  return at == this;
}

std::exception_ptr spawned_task::error() const noexcept {
  return state_ == state::destroyed ? nullptr : promise().error();
}

void spawned_task::call() noexcept {
  this_thread.scope = nullptr;
  state_ = is_cancellation(*this, promise().error()) ? state::cancelled : state::ended;
  trace::record(state_ == state::cancelled ? trace::event_kind::task_cancelled : trace::event_kind::task_finished,
                frame());
  wake_joiners();
  leave_owner();
  static_cast<task_owner *>(parent())->task_ended(*this);
  release();
}

void spawned_task::abandon() noexcept {
  state_ = state::destroyed;
  taken_ = true;
  start_.unlink();
  start_.leave_scope();
  leave_owner();
  destroy_task(coroutine().target(), promise());
  wake_joiners();
}

void spawned_task::wake_joiners() noexcept {
  while (!joiners_.empty()) {
    waiter &joiner = joiners_.pop_front();
    joiner.fulfil();
  }
}

void spawned_task::require_outcome() const {
  if (state_ == state::destroyed)
    throw std::logic_error("coroscope: a joined task was destroyed when its loop or group ended");
  if (state_ == state::cancelled)
    throw_task_cancelled(error());
}

void throw_without_value(const std::exception_ptr &error) {
  if (error)
    std::rethrow_exception(error);
  throw std::logic_error("coroscope: this task has no value: it was taken before, or the task never ended");
}

void throw_task_cancelled(const std::exception_ptr &error) {
  try {
    std::rethrow_exception(error);
  } catch (const cancelled &why) {
    throw task_cancelled(why);
  }
}

std::string ended_awaiter::describe() const {
  const promise_base *const promise = task_->finished() ? nullptr : task_->coroutine().promise();
  return promise ? std::string("the end of ") + promise->where().function_name() : "the end of a task";
}

void throw_cannot_be_awaited(bool awaited_before) {
  throw std::logic_error(awaited_before ? "coroscope: co_await on a task that was awaited before"
                                        : "coroscope: co_await on a task that was moved from");
}

void task_promise_base::end_without_value() noexcept {
  if (std::exchange(there_is_, content::nothing) == content::error)
    error_.~exception_ptr();
  else if (!awaited() && std::uncaught_exceptions() == 0)
    std::fprintf(stderr, "coroscope: %s:%u: a task of '%s' was dropped without having been awaited; it never ran\n",
                 where().file_name(), static_cast<unsigned>(where().line()), where().function_name());
  continue_with(continuation::to(std::noop_coroutine())); // that is said once
}

void report_untaken(const std::exception_ptr &error, const std::source_location &where) noexcept {
  std::fprintf(stderr, "coroscope: %s:%u: the spawned task '%s' failed and nobody joined it: %s\n", where.file_name(),
               static_cast<unsigned>(where.line()), where.function_name(), text_of(error).c_str());
}

std::string text_of(const std::exception_ptr &error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception &known) {
    return known.what();
  } catch (const cancelled &why) {
    return "it was cancelled: " + why.reason();
  } catch (...) {
    return "an exception not derived from std::exception";
  }
}

} // namespace coroscope::detail
