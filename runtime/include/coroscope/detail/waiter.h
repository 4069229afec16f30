// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A suspended coroutine's place in a queue: the ready queue, a descriptor's, or that of a task it joins.
// It lives in the awaiter, so in the coroutine's own frame: a frame that is destroyed while it waits leaves the queue.
#pragma once

#include <coroscope/detail/intrusive_list.h>
#include <coroutine>

namespace coroscope::detail {

class waiter : public list_node {
public:
  waiter() noexcept = default;
  explicit waiter(std::coroutine_handle<> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<> coroutine() const noexcept { return coroutine_; }
  const void *frame() const noexcept { return coroutine_.address(); }

protected:
  void suspended(std::coroutine_handle<> coroutine) noexcept { coroutine_ = coroutine; }

private:
  std::coroutine_handle<> coroutine_;
};

using waiter_list = intrusive_list<waiter>;

} // namespace coroscope::detail
