// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tasks that await what is not of this library: who resumes them, in which scope, and what a cancellation does.
#include "later.h"
#include "live_count.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/async_generator.h>
#include <coroscope/await_tree.h>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/with_timeout.h>
#include <coroutine>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

/// Keeps what awaits it, for the test to resume.
struct by_hand {
  std::coroutine_handle<> waiting;
  int value = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> coroutine) noexcept { waiting = coroutine; }
  int await_resume() const noexcept { return value; }
};

/// A callback of the loop resumes it.
struct by_callback {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> coroutine) const {
    current_loop().post([=] { coroutine.resume(); });
  }
  void await_resume() const noexcept {}
};

/// Ends before await_suspend does, in whatever way.
enum class way { resumes, says_false, throws };
struct at_once {
  way how;
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> coroutine) const {
    if (how == way::throws)
      throw std::runtime_error("thrown by await_suspend");
    if (how == way::resumes)
      coroutine.resume();
    return how != way::says_false;
  }
  int await_resume() const noexcept { return static_cast<int>(how); }
};

/// A lazy task as other libraries have it.
class their_task {
public:
  struct promise_type {
    std::coroutine_handle<> continuation;
    std::exception_ptr error;
    int value = 0;
    their_task get_return_object() { return their_task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    struct transfer {
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> ended) const noexcept {
        return ended.promise().continuation;
      }
      void await_resume() const noexcept {}
    };
    transfer final_suspend() const noexcept { return {}; }
    void return_value(int result) noexcept { value = result; }
    void unhandled_exception() noexcept { error = std::current_exception(); }
  };
  their_task(their_task &&other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  ~their_task() {
    if (coroutine_)
      coroutine_.destroy();
  }

  struct awaiter {
    std::coroutine_handle<promise_type> coroutine;
    explicit awaiter(std::coroutine_handle<promise_type> of) noexcept : coroutine(of) {}
    awaiter(const awaiter &) = delete;
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) const noexcept {
      coroutine.promise().continuation = awaiting;
      return coroutine;
    }
    int await_resume() const {
      if (coroutine.promise().error)
        std::rethrow_exception(coroutine.promise().error);
      return coroutine.promise().value;
    }
  };
  awaiter operator co_await() const noexcept { return awaiter(coroutine_); }

private:
  explicit their_task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
  std::coroutine_handle<promise_type> coroutine_;
};

their_task their_seven() { co_return 7; }
their_task seven_after(std::chrono::milliseconds time) {
  co_await sleep_for(time);
  co_return co_await their_seven();
}

task<> call_back_and_sleep() {
  co_await by_callback();
  co_await sleep_for(1h);
}

task<int> take_from(by_hand &from) { co_return co_await from; }
task<> take_and_sleep(by_hand &from, int &taken) {
  taken = co_await from;
  co_await sleep_for(1h);
}
task<> hold_and_take(by_hand &from, live_count) { co_await from; }

} // namespace

TEST_CASE("a task that a callback has resumed is in its timeout still") {
  run_in_virtual_time([]() -> task<> {
    const auto begin = current_loop().now();
    bool over = false;
    try {
      co_await with_timeout(100ms, call_back_and_sleep());
    } catch (const timed_out &) {
      over = true;
    }
    CHECK(over);
    CHECK(current_loop().now() - begin == 100ms);
  }());
}

TEST_CASE("a task that another one resumes goes on in its own scope, after the step that resumed it") {
  run_in_virtual_time([]() -> task<> {
    by_hand source{{}, 3};
    int taken = 0;
    auto resumed = spawn(take_and_sleep(source, taken));
    co_await yield_now();
    auto resumes = spawn([](by_hand &of, int &value) -> task<> {
      of.waiting.resume();
      CHECK(value == 0);
      co_await sleep_for(1h);
    }(source, taken));
    co_await sleep_for(1ms);
    CHECK(taken == 3);
    resumed.cancel();
    co_await resumed.ended();
    CHECK(resumed.was_cancelled());
    CHECK_FALSE(resumes.done());
    resumes.cancel();
    co_await resumes.ended();
    CHECK(resumes.was_cancelled());
  }());
}

TEST_CASE("a foreign wait is not interrupted: what it gives is not lost, and the next await throws") {
  run_in_virtual_time([]() -> task<> {
    by_hand source{{}, 5};
    int taken = 0;
    auto waiting = spawn(take_and_sleep(source, taken));
    co_await yield_now();
    waiting.cancel();
    co_await sleep_for(1ms);
    CHECK_FALSE(waiting.done());
    source.waiting.resume();
    co_await waiting.ended();
    CHECK(waiting.was_cancelled());
    CHECK(taken == 5);
  }());
}

TEST_CASE("a foreign wait of a task that is cancelled does not begin") {
  run_in_virtual_time([]() -> task<> {
    by_hand source;
    auto waiting = spawn(take_from(source));
    waiting.cancel();
    co_await waiting.ended();
    CHECK(waiting.was_cancelled());
    CHECK_FALSE(source.waiting);
  }());
}

TEST_CASE("the await tree names the type of a foreign awaitable") {
  run_in_virtual_time([]() -> task<> {
    by_hand source;
    auto waiting = spawn(take_from(source));
    auto other = spawn([]() -> task<> { co_await seven_after(1ms); }());
    co_await yield_now();
    const std::string tree = await_tree();
    CHECK_THAT(tree, Contains("waits for a foreign awaitable, ") && Contains("by_hand"));
    CHECK_THAT(tree, Contains("their_task\n"));
    source.waiting.resume();
    co_await waiting;
    co_await other;
  }());
}

TEST_CASE("a task of another library is awaited, and awaits ours") {
  run_in_virtual_time([]() -> task<> {
    const int at_once = co_await their_seven();
    const int later = co_await seven_after(5ms);
    CHECK(at_once + later == 14);
    for (int i = 0; i < 1000; ++i)
      co_await their_seven();
  }());
}

TEST_CASE("a cancellation reaches what another library's task awaits of ours") {
  run_in_virtual_time([]() -> task<> {
    auto waiting = spawn([]() -> task<int> { co_return co_await seven_after(1min); }());
    co_await sleep_for(1ms);
    waiting.cancel("enough");
    co_await waiting.ended();
    CHECK(waiting.was_cancelled());
    CHECK(current_loop().now().time_since_epoch() == 1ms);
  }());
}

TEST_CASE("a foreign wait may end before await_suspend does") {
  run_in_virtual_time([]() -> task<> {
    const int resumed = co_await at_once{way::resumes};
    const int went_on = co_await at_once{way::says_false};
    CHECK(resumed == static_cast<int>(way::resumes));
    CHECK(went_on == static_cast<int>(way::says_false));
    std::string caught;
    try {
      co_await at_once{way::throws};
    } catch (const std::runtime_error &error) {
      caught = error.what();
    }
    CHECK(caught == "thrown by await_suspend");
    bool over = false;
    try {
      co_await with_timeout(1ms, []() -> task<> {
        for (const way how : {way::resumes, way::says_false})
          co_await at_once{how};
        co_await sleep_for(1h);
      }());
    } catch (const timed_out &) {
      over = true;
    }
    CHECK(over);
  }());
}

TEST_CASE("a task that another thread resumes goes on on its loop's thread, and the loop waits for that") {
  struct on_thread {
    std::thread *thread;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> coroutine) const {
      *thread = std::thread([=] { coroutine.resume(); });
    }
    void await_resume() const noexcept {}
  };
  run([]() -> task<> {
    const auto here = std::this_thread::get_id();
    for (int i = 0; i < 100; ++i) {
      std::thread thread;
      co_await on_thread{&thread};
      thread.join();
      CHECK(std::this_thread::get_id() == here);
    }
  }());
}

TEST_CASE("a frame may be destroyed while a foreign awaitable waits, which may resume it all the same") {
  int alive = 0;
  by_hand source;
  event_loop loop(event_loop::time_source::virtual_clock);
  CHECK_THROWS_AS(loop.run(hold_and_take(source, live_count(alive))), deadlock_error);
  CHECK(alive == 0);
  source.waiting.resume();
  CHECK(loop.run(later(1ms, 4)) == 4);
}

TEST_CASE("a frame may be destroyed when it was resumed and has not gone on") {
  int alive = 0;
  by_hand here, elsewhere;
  event_loop loop(event_loop::time_source::virtual_clock);
  loop.spawn(hold_and_take(here, live_count(alive)));
  loop.spawn(hold_and_take(elsewhere, live_count(alive)));
  CHECK_THROWS_AS(loop.run([](by_hand &one, by_hand &other) -> task<> {
    co_await yield_now();
    std::thread([&] { other.waiting.resume(); }).join();
    one.waiting.resume();
    throw std::runtime_error("main ends");
  }(here, elsewhere)),
                  std::runtime_error);
  CHECK(alive == 0);
}

TEST_CASE("a foreign awaitable may destroy the tasks that wait for the one that awaits it") {
  struct detached {
    struct promise_type {
      detached get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
      std::suspend_always initial_suspend() const noexcept { return {}; }
      std::suspend_never final_suspend() const noexcept { return {}; }
      void return_void() const noexcept {}
      void unhandled_exception() const noexcept { std::terminate(); }
    };
    std::coroutine_handle<> coroutine;
  };
  struct hands_over {
    std::coroutine_handle<> next;
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<>) const noexcept { return next; }
    void await_resume() const noexcept {}
  };
  struct resumes_another {
    std::coroutine_handle<> other;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) const {
      const std::coroutine_handle<> resumed = other; // this goes with the frame
      resumed.resume();
    }
    void await_resume() const noexcept {}
  };
  int alive = 0;
  std::optional<task<>> outer;
  const auto destroy_outer = [](std::optional<task<>> &held) -> detached {
    held.reset();
    co_return;
  };
  const auto inner = [](auto foreign, live_count) -> task<> { co_await foreign; };
  const auto await_inner = [&inner](auto foreign, live_count here) -> task<> { co_await inner(foreign, here); };
  const auto await_generated = [&inner](auto foreign, live_count here) -> task<> {
    auto elements = [](const auto &awaits, auto by, live_count count) -> async_generator<int> {
      co_await awaits(by, count);
      co_yield 1;
    }(inner, foreign, here);
    co_await elements.next();
  };
  const auto await_in_time = [&inner](auto foreign, live_count here) -> task<> {
    co_await with_timeout(1h, inner(foreign, here));
  };
  const auto check = [&](const auto &outermost, auto foreign) {
    outer.emplace(outermost(foreign, live_count(alive)));
    run_in_virtual_time([](std::optional<task<>> &held, const int &count) -> task<> {
      spawn([](std::optional<task<>> &waited_for) -> task<> { co_await std::move(*waited_for); }(held));
      co_await yield_now();
      CHECK_FALSE(held);
      CHECK(count == 0);
    }(outer, alive));
  };
  const auto check_each = [&](const auto &outermost) {
    check(outermost, hands_over{destroy_outer(outer).coroutine});
    check(outermost, resumes_another{destroy_outer(outer).coroutine});
  };
  check_each(await_inner);
  check_each(await_generated);
  check_each(await_in_time);
}

TEST_CASE("a foreign await begins before the step of whoever has started the task goes on") {
  struct started {
    struct promise_type {
      started get_return_object() const noexcept { return {}; }
      std::suspend_never initial_suspend() const noexcept { return {}; }
      std::suspend_never final_suspend() const noexcept { return {}; }
      void return_void() const noexcept {}
      void unhandled_exception() const noexcept { std::terminate(); }
    };
  };
  run_in_virtual_time([]() -> task<> {
    by_hand source{{}, 7};
    int taken = 0;
    const auto call = [](by_hand &from, int &to) -> task<> { co_await take_and_sleep(from, to); };
    [&call](by_hand &from, int &to) -> started { co_await call(from, to); }(source, taken);
    REQUIRE(source.waiting);
    source.waiting.resume();
    co_await yield_now();
    CHECK(taken == 7);
    co_await sleep_for(1h);
  }());
}

TEST_CASE("outside of a loop a foreign awaitable gets the task itself") {
  by_hand source{{}, 6};
  task<int> work = take_from(source);
  work.coroutine().promise().continue_with(detail::continuation::to(std::noop_coroutine()));
  work.coroutine().resume();
  CHECK(source.waiting.address() == work.coroutine().address());
  source.waiting.resume();
  CHECK(work.coroutine().promise().take() == 6);
}
