// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a deadline does, and what becomes of what it cancelled.
#include <coroscope/cancelled.h>
#include <coroscope/with_timeout.h>
#include <string>

namespace coroscope {

timed_out::timed_out(std::source_location where)
    : std::system_error(std::make_error_code(std::errc::timed_out),
                        std::string("coroscope: ") + where.file_name() + ":" + std::to_string(where.line()) +
                            ": the time was over in '" + where.function_name() + "'"),
      where_(where) {}

namespace detail {

deadline_scope::deadline_scope(time_point deadline, std::source_location where)
    : cancel_scope(kind::deadline, this_thread.scope), where_(where) {
  current_loop().arm(timer_, deadline);
}

void deadline_scope::call() noexcept {
  if (is_cancelled())
    return;
  is_over_ = true;
  cancel(std::make_exception_ptr(cancelled("the time was over", where_)));
}

void deadline_scope::rethrow(const std::exception_ptr &error) const {
  if (is_cancellation(*this, error)) {
    if (parent() && parent()->is_cancelled())
      std::rethrow_exception(parent()->reason());
    if (is_over_)
      throw timed_out(where_);
  }
  std::rethrow_exception(error);
}

} // namespace detail

} // namespace coroscope
