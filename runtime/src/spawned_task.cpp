// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a spawned task ends, and what is said when nobody looks at a task.
#include <coroscope/detail/spawned_task.h>
#include <coroscope/event_loop.h>
#include <coroscope/trace.h>
#include <cstdio>
#include <exception>

namespace coroscope::detail {

void spawned_task::task_finished() noexcept {
  trace::record(trace::event_kind::task_finished, frame());
  finished_ = true;
  wake_joiners();
  // The frame is still in its final await_suspend: the loop lets go of it later.
  loop_->finished_.push_back(*this);
}

void spawned_task::abandon() noexcept {
  finished_ = true;
  start_.unlink();
  destroy_frame();
  wake_joiners();
}

void spawned_task::wake_joiners() noexcept {
  while (!joiners_.empty())
    loop_->make_ready(joiners_.front());
}

void report_never_awaited(const std::source_location &where) noexcept {
  std::fprintf(stderr, "coroscope: %s:%u: a task of '%s' was dropped without having been awaited; it never ran\n",
               where.file_name(), static_cast<unsigned>(where.line()), where.function_name());
}

void report_untaken(const std::exception_ptr &error, const std::source_location &where) noexcept {
  const auto say = [&](const char *what) {
    std::fprintf(stderr, "coroscope: %s:%u: the spawned task '%s' failed and nobody joined it: %s\n", where.file_name(),
                 static_cast<unsigned>(where.line()), where.function_name(), what);
  };
  try {
    std::rethrow_exception(error);
  } catch (const std::exception &known) {
    say(known.what());
  } catch (...) {
    say("an exception not derived from std::exception");
  }
}

} // namespace coroscope::detail
