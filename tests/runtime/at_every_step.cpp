// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a test gets between any two steps of a loop: by an entry of the ready queue that is always behind the next one.
//
//   ready queue: next, ours, others … -> next runs -> ours runs: looks, and goes behind the first of the others
//
// Where nothing else is ready it leaves the queue, so that time can pass, and timers bring it back at each of the
// first 10 ms, and at each 10 ms after that: those were armed before all others, so they fire first.
#include "at_every_step.h"
#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/detail/continuation.h>
#include <coroscope/detail/timer_wheel.h>
#include <coroscope/detail/waiter.h>
#include <coroscope/event_loop.h>
#include <deque>
#include <exception>
#include <utility>

namespace coroscope::testing {

class moment::between_steps final : public detail::calls_derived<between_steps> {
public:
  explicit between_steps(moment &whose) : whose_(whose) {
    event_loop &loop = current_loop();
    for (int at = 1; at <= 300; at += at < 10 ? 1 : 10)
      loop.arm(alarms_.emplace_back(static_cast<detail::callback &>(*this)),
               loop.now() + std::chrono::milliseconds(at));
  }
  void begin() {
    turns_alone_ = 0;
    go_behind(nullptr);
  }
  void call() noexcept {
    if (!whose_.victim_)
      return;
    whose_.look();
    detail::ready_list &ready = *detail::this_thread.ready;
    entry_.unlink();
    turns_alone_ = ready.empty() ? turns_alone_ + 1 : 0;
    if (turns_alone_ < 3) // what the kernel brings meanwhile comes behind it
      go_behind(ready.first());
  }

private:
  void go_behind(detail::ready_entry *place) {
    entry_.unlink();
    detail::this_thread.ready->insert_after(place, entry_);
  }

  class alarm final : public detail::timer {
  public:
    using timer::timer;
  };

  moment &whose_;
  detail::ready_entry entry_{detail::continuation::to(static_cast<detail::callback &>(*this)), nullptr};
  std::deque<alarm> alarms_;
  int turns_alone_ = 0;
};

namespace {

/// The awaits in which what runs in a scope waits.
void add_waits(const detail::cancel_scope &scope, std::set<std::string> &waits) {
  if (const detail::waiter *const waiter = scope.waits_for(); waiter && waiter->waits())
    if (const detail::promise_base *const promise = waiter->who().promise())
      waits.insert(promise->where().file_name() + (":" + std::to_string(promise->where().line())));
  for (const detail::cancel_scope &below : scope.children())
    add_waits(below, waits);
}

} // namespace

void moment::look() {
  if (victim_->finished())
    return;
  if (steps_ == at_) {
    came_ = true;
    add_waits(*victim_, waits_);
    victim_->cancel(std::make_exception_ptr(cancelled("at this moment")));
  } else if (at_ == never) {
    add_waits(*victim_, waits_);
  }
  ++steps_;
}

task<> moment::cancel(task<> victim) {
  auto running = spawn(std::move(victim));
  victim_ = &running.task();
  watching_->begin();
  co_await running.ended();
  victim_ = nullptr;
  try {
    running.take();
  } catch (const task_cancelled &) {
  }
}

task<> moment::watch(task<> scenario) {
  between_steps watching(*this);
  watching_ = &watching;
  co_await std::move(scenario);
}

} // namespace coroscope::testing
