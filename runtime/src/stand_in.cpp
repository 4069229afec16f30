// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who is resumed by a foreign awaitable in place of the task that awaits it.
//
//   made -> waits -- resumed, on any thread --> mailbox of the task's loop, or straight --> the task is ready
//                 \- the task's frame is destroyed -> abandoned: it is kept until it is resumed, which then does
//                 nothing
#include <algorithm>
#include <atomic>
#include <coroscope/detail/cancel_scope.h>
#include <coroscope/detail/foreign_await.h>
#include <coroscope/detail/frame_pool.h>
#include <coroscope/detail/mailbox.h>
#include <coroscope/event_loop.h>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

namespace coroscope::detail {

namespace {

/// What a coroutine frame begins with.
class frame_head : public callback {
protected:
  frame_head(function resumed, function destroyed) noexcept : callback(resumed), destroyed_(destroyed) {}

private:
  [[maybe_unused]] function destroyed_;
};

} // namespace

class stand_in final : public list_node, public pooled, private frame_head, private mail {
public:
  explicit stand_in(foreign_wait &of)
      : frame_head(be_resumed, be_destroyed), of_(&of), loop_(this_thread.loop),
        scope_(std::in_place, cancel_scope::kind::foreign, this_thread.scope) {
    loop_->hope_for_mail();
    this_thread.scope = &*scope_;
  }

  std::coroutine_handle<> handle() noexcept { return continuation::to(static_cast<callback &>(*this)).target(); }
  std::coroutine_handle<> starting(foreign_wait::late_start how) noexcept {
    return continuation::to(starter_.emplace(*this, how)).target();
  }

  /// On the loop's thread: the task does not wait any more.
  void let_go(bool may_be_resumed) noexcept {
    if (stage_.load(std::memory_order_acquire) != stage::resumed && withdraw(may_be_resumed))
      return;
    while (!is_over_) { // it is on its way from another thread
      loop_->deliver_mail();
      std::this_thread::yield();
    }
    delete this;
  }

private:
  /// When it has called them, the stand-in may be gone.
  class starter : public calls_derived<starter> {
  public:
    starter(stand_in &of, foreign_wait::late_start how) noexcept : of_(&of), how_(how) {}
    void call() const noexcept { how_(*of_->of_, of_->handle()).resume(); }

  private:
    stand_in *of_;
    foreign_wait::late_start how_;
  };

  enum class stage : std::uint8_t { waits, resumed, abandoned };

  struct abandoned {
    std::mutex lock;
    intrusive_list<stand_in> all;
  };
  static abandoned &those_abandoned() {
    static abandoned &never_destroyed = *new abandoned;
    return never_destroyed;
  }

  COROSCOPE_RESUME_CALL static void be_resumed(callback *self) noexcept { static_cast<stand_in *>(self)->resume(); }
  /// The task is not theirs to destroy.
  COROSCOPE_RESUME_CALL static void be_destroyed(callback *) noexcept {}

  void resume() noexcept {
    switch (stage_.exchange(stage::resumed, std::memory_order_acq_rel)) {
    case stage::waits:
      if (this_thread.loop == loop_)
        deliver();
      else
        loop_->post(static_cast<mail &>(*this));
      break;
    case stage::resumed:
      break;
    case stage::abandoned: {
      const std::unique_ptr<stand_in> self(this);
      const std::lock_guard held(those_abandoned().lock);
      unlink();
    }
    }
  }
  void deliver() noexcept override {
    is_over_ = true;
    loop_->stop_hoping();
    of_->fulfil();
  }

  /// False where it was resumed at the same time.
  bool withdraw(bool may_be_resumed) noexcept {
    const std::lock_guard held(those_abandoned().lock);
    if (stage_.exchange(stage::abandoned, std::memory_order_acq_rel) == stage::resumed)
      return false;
    loop_->stop_hoping();
    scope_.reset();
    is_over_ = true;
    if (may_be_resumed)
      those_abandoned().all.push_back(*this);
    return may_be_resumed;
  }

  std::atomic<stage> stage_ = stage::waits;
  bool is_over_ = false;
  foreign_wait *of_;
  std::optional<starter> starter_;
  event_loop *loop_;
  std::optional<cancel_scope> scope_; ///< in which the other side runs, as far as it begins at once
};

std::coroutine_handle<> foreign_wait::make_stand_in() {
  stand_in_ = new stand_in(*this);
  return stand_in_->handle();
}

std::coroutine_handle<> foreign_wait::starting(late_start how) noexcept { return stand_in_->starting(how); }

void foreign_wait::leave(bool may_be_resumed) noexcept { std::exchange(stand_in_, nullptr)->let_go(may_be_resumed); }

void foreign_wait::does_not_suspend() noexcept {
  if (!stand_in_)
    return; // outside of a loop
  unlink();
  this_thread.scope = leave_scope();
  leave(false);
}

std::string foreign_wait::description(std::source_location function) {
  constexpr std::string_view before = "Awaitable = ";
  const std::string_view text = function.function_name();
  const std::size_t begin = text.find(before);
  if (begin == std::string_view::npos)
    return "a foreign awaitable";
  const std::string_view type = text.substr(begin + before.size());
  const std::size_t end = std::min({type.find(';'), type.find(", MayBeCalled"), type.rfind(']')});
  return "a foreign awaitable, " + std::string(type.substr(0, end));
}

} // namespace coroscope::detail
