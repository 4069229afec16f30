// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a group does when a child ends, and what it says when all have.
#include <algorithm>
#include <coroscope/task_group.h>
#include <utility>

namespace coroscope {

error_group::error_group(std::vector<std::exception_ptr> errors)
    : errors_(std::move(errors)), what_("coroscope: " + std::to_string(errors_.size()) + " tasks of a group failed") {
  const char *separator = ": ";
  for (const std::exception_ptr &each : errors_) {
    what_ += separator + detail::text_of(each);
    separator = "; ";
  }
}

void task_group::fail(const std::exception_ptr &error, const std::source_location &where) noexcept {
  if (detail::is_cancellation(*this, error)) {
    ended_early_ = true;
    return;
  }
  if (std::find(errors_.begin(), errors_.end(), error) != errors_.end())
    return;
  errors_.push_back(error);
  cancel_scope::cancel(
      std::make_exception_ptr(cancelled("another task of the group failed: " + detail::text_of(error), where)));
}

void task_group::task_ended(detail::spawned_task &ended) noexcept {
  if (ended.ended_cancelled()) {
    ended_early_ = true;
  } else if (const std::exception_ptr error = ended.error()) {
    ended.mark_taken();
    fail(error, ended.where());
  }
  if (waiting_ && !has_children())
    std::exchange(waiting_, nullptr)->fulfil();
}

void task_group::rethrow_errors() const {
  if (errors_.size() == 1)
    std::rethrow_exception(errors_.front());
  if (!errors_.empty())
    throw error_group(errors_);
}

void task_group::rethrow_outer_cancellation() const {
  if (ended_early_ && parent() && parent()->is_cancelled())
    std::rethrow_exception(parent()->reason());
}

} // namespace coroscope
