// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// shield: work that a cancellation does not reach.
//
//   co_await shield(work) -> work runs to its end -> its value; if the caller was cancelled, its next await throws
#pragma once

#include <coroscope/detail/in_scope.h>
#include <coroscope/task.h>
#include <utility>

namespace coroscope {

/// Runs `work` to its end even where the awaiting task is, or becomes, cancelled, and gives its value or exception.
/// Cancellation waits: the caller's next await after this one throws. For clean-up that has to await something.
/// asyncio: `shield`, which leaves its work behind.
template <class T> task<T> shield(task<T> work) {
  detail::cancel_scope scope(detail::cancel_scope::kind::shield, detail::this_thread.scope);
  co_await detail::in_scope(scope, work);
  co_return detail::take(work);
}

} // namespace coroscope
