// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The await tree, read from the scopes downward and along each chain of awaits upward.
//
//   task's scope --innermost scope in use--> waiter --who awaits--> promise -> promise -> … -> the task's function
#include <algorithm>
#include <coroscope/await_tree.h>
#include <coroscope/detail/cancel_scope.h>
#include <coroscope/detail/promise_base.h>
#include <coroscope/detail/spawned_task.h>
#include <coroscope/detail/waiter.h>
#include <coroscope/event_loop.h>
#include <cstddef>
#include <cstdio>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

namespace coroscope {

namespace {

using detail::cancel_scope;
using detail::promise_base;
using detail::spawned_task;

/// The one wait of a task, in its own scope or one that it has entered; null where there is none.
const detail::waiter *wait_in(const cancel_scope &task) {
  for (const cancel_scope *at = &task; at;) {
    const bool is_its_own = at == &task || at->what() != cancel_scope::kind::task;
    if (is_its_own && at->waits_for())
      return at->waits_for();
    at = at->next_within(task, is_its_own);
  }
  return nullptr;
}

/// The innermost task whose scope this is or is in, or null.
const cancel_scope *task_of(const cancel_scope *scope) {
  while (scope && scope->what() != cancel_scope::kind::task)
    scope = scope->parent();
  return scope;
}

class tree_writer {
public:
  /// Each task within `top`, which is not shown itself, followed by those of its groups.
  void tasks_within(const cancel_scope &top, std::size_t depth) {
    std::vector<const cancel_scope *> above;
    for (const cancel_scope *at = top.next_within(top); at; at = at->next_within(top)) {
      if (at->what() != cancel_scope::kind::task)
        continue;
      for (const cancel_scope *const outer = task_of(at->parent()); !above.empty() && above.back() != outer;)
        above.pop_back();
      task(static_cast<const spawned_task &>(*at), depth + above.size());
      above.push_back(at);
    }
  }
  void task(const spawned_task &task, std::size_t depth) {
    const detail::waiter *const wait = wait_in(task);
    const std::vector<const promise_base *> chain = chain_of(task, wait);
    line(depth, "- " + (chain.empty() ? "a task" : place(*chain.front())));
    functions(chain, depth + 1);
    line(depth + 2, state_of(task, wait));
  }
  std::string text() && { return std::move(text_); }

private:
  /// Outermost first, the task's own function always.
  static std::vector<const promise_base *> chain_of(const spawned_task &task, const detail::waiter *wait) {
    std::vector<const promise_base *> chain;
    for (const promise_base *each = wait ? wait->who().promise() : nullptr; each; each = each->then().promise())
      chain.push_back(each);
    std::reverse(chain.begin(), chain.end());
    if (chain.empty())
      if (const promise_base *const own = task.coroutine().promise())
        chain.push_back(own);
    return chain;
  }

  void functions(const std::vector<const promise_base *> &chain, std::size_t depth) {
    constexpr std::size_t shown_at_each_end = 20;
    for (std::size_t i = 1; i < chain.size(); ++i) {
      if (i == shown_at_each_end && chain.size() > 2 * shown_at_each_end) {
        const std::size_t left_out = chain.size() - 2 * shown_at_each_end;
        line(depth + 1, "… " + std::to_string(left_out) + " more …");
        i += left_out;
      }
      line(depth + 1, place(*chain[i]));
    }
  }

  std::string state_of(const spawned_task &task, const detail::waiter *wait) const {
    if (&task == running_)
      return "is running";
    if (wait)
      return wait->waits() ? "waits for " + wait->describe() : "is ready";
    return task.has_started() ? "waits for something else" : "has not started";
  }

  static std::string place(const promise_base &promise) {
    const std::source_location &at = promise.where();
    return std::string(at.function_name()) + " at " + at.file_name() + ":" + std::to_string(at.line());
  }

  /// Indented as deep as one can read.
  void line(std::size_t depth, std::string_view text) {
    constexpr std::size_t deepest = 60;
    text_.append(2 * std::min(depth, deepest), ' ').append(text) += '\n';
  }

  const cancel_scope *const running_ = task_of(detail::this_thread.scope);
  std::string text_;
};

} // namespace

std::string event_loop::await_tree() const {
  tree_writer tree;
  tree.tasks_within(tasks_, 0);
  return std::move(tree).text();
}

std::string event_loop::await_tree_of(const detail::spawned_task &task) const {
  tree_writer tree;
  tree.task(task, 0);
  tree.tasks_within(task, 1);
  return std::move(tree).text();
}

await_tree_printer::await_tree_printer(event_loop &of, int signal) : signal_receiver(rank::asking), loop_(&of) {
  start({signal});
}

await_tree_printer::~await_tree_printer() {
  stop();
  if (asked_.load())
    loop_->deliver_mail(); // it is on its way
}

void await_tree_printer::receive(int) noexcept {
  if (!asked_.exchange(true))
    loop_->post_from_handler(*this);
}

void await_tree_printer::deliver() noexcept {
  asked_.store(false);
  std::fprintf(stderr, "coroscope: the tasks of this loop, and what each waits for:\n%s", loop_->await_tree().c_str());
}

} // namespace coroscope
