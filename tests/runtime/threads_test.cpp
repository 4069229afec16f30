// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What other threads do for a loop: functions that block, work that is posted, names that are resolved.
#include "on_each_backend.h"
#include "virtual_time.h"
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/event.h>
#include <coroscope/event_loop.h>
#include <coroscope/resolve.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/to_thread.h>
#include <coroscope/with_timeout.h>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

TEST_CASE_METHOD(on_each_backend, "a function on another thread gives its value, or throws, while the loop goes on") {
  run([]() -> task<> {
    const auto here = std::this_thread::get_id();
    std::latch others_had_their_turn(1);
    auto blocked = spawn(to_thread([&] {
      others_had_their_turn.wait();
      return std::make_unique<std::thread::id>(std::this_thread::get_id());
    }));
    co_await yield_now();
    CHECK_FALSE(blocked.done());
    others_had_their_turn.count_down();
    const auto there = co_await blocked;
    CHECK(*there != here);

    std::string caught;
    try {
      co_await to_thread([] { throw std::runtime_error("from over there"); });
    } catch (const std::runtime_error &error) {
      caught = error.what();
    }
    CHECK(caught == "from over there");
  }());
}

TEST_CASE_METHOD(on_each_backend, "a thousand functions at once all come back") {
  run([]() -> task<> {
    int sum = 0;
    co_await with_task_group([&](task_group &group) -> task<> {
      for (int i = 0; i < 1000; ++i)
        group.spawn([](int number, int &to) -> task<> { to += co_await to_thread([=] { return number; }); }(i, sum));
      co_return;
    });
    CHECK(sum == 499'500);
  }());
}

TEST_CASE_METHOD(on_each_backend, "time stands still in a virtual clock while another thread works") {
  run_in_virtual_time([]() -> task<> {
    auto timer = spawn([]() -> task<> { co_await sleep_for(1ms); }());
    std::latch done(1);
    std::thread helper([&] {
      std::this_thread::yield();
      done.count_down();
    });
    co_await to_thread([&] { done.wait(); });
    CHECK_FALSE(timer.done());
    CHECK(current_loop().now().time_since_epoch() == 0ms);
    helper.join();
    co_await timer;
  }());
}

TEST_CASE_METHOD(
    on_each_backend,
    "a function that no thread has taken up is not called when its task is cancelled; one that runs is waited for") {
  run([]() -> task<> {
    std::latch may_end(1);
    std::atomic<int> called = 0;
    const auto block = [&] {
      ++called;
      may_end.wait();
    };
    co_await with_task_group([&](task_group &group) -> task<> {
      std::vector<join_handle<>> blocking;
      for (int i = 0; i < 40; ++i) // more than there are threads
        blocking.push_back(group.spawn(to_thread(block)));
      co_await yield_now();
      co_await yield_now();
      while (called < 5) // a pool has five threads at least
        std::this_thread::yield();
      blocking.front().cancel();
      blocking.back().cancel();
      co_await blocking.back().ended();
      CHECK(blocking.back().was_cancelled());
      CHECK_FALSE(blocking.front().done());
      may_end.count_down();
      co_await blocking.front().ended();
      CHECK_FALSE(blocking.front().was_cancelled()); // it was done before its next await
    });
    CHECK(called == 39);
  }());
}

TEST_CASE_METHOD(on_each_backend, "a frame that is destroyed while its function runs waits for the function") {
  std::atomic<bool> ended = false;
  std::latch begun(1), may_end(1);
  std::thread helper;
  CHECK_THROWS_AS(run([&]() -> task<> {
                    spawn([](std::atomic<bool> &flag, std::latch &first, std::latch &last) -> task<> {
                      co_await to_thread([&] {
                        first.count_down();
                        last.wait();
                        flag = true;
                      });
                    }(ended, begun, may_end));
                    co_await yield_now();
                    co_await yield_now();
                    begun.wait();
                    helper = std::thread([&] { may_end.count_down(); });
                    throw std::runtime_error("main ends");
                  }()),
                  std::runtime_error);
  CHECK(ended);
  helper.join();
}

TEST_CASE_METHOD(on_each_backend, "what other threads post arrives in order, and no wake-up is lost") {
  constexpr int threads = 4, each = 5000;
  run([]() -> task<> {
    event all_came;
    std::vector<int> next(threads, 0);
    bool in_order = true;
    int count = 0;
    event_loop &loop = current_loop();
    outside_work posts;
    std::vector<std::thread> posting;
    for (int t = 0; t < threads; ++t)
      posting.emplace_back([&, t] {
        for (int i = 0; i < each; ++i)
          loop.post([&, t, i] {
            in_order = in_order && next[static_cast<std::size_t>(t)]++ == i;
            if (++count == threads * each)
              all_came.set();
          });
      });
    co_await all_came.wait();
    posts.end();
    CHECK(in_order);
    for (std::thread &thread : posting)
      thread.join();
  }());
}

TEST_CASE_METHOD(on_each_backend,
                 "a loop waits for what is posted as long as there is outside work, and then no longer") {
  for (const bool is_virtual : {false, true}) {
    event_loop loop(is_virtual ? event_loop::time_source::virtual_clock : event_loop::time_source::steady_clock);
    std::thread helper;
    loop.run([](event_loop &of, std::thread &posting) -> task<> {
      event came;
      posting = std::thread([&, work = outside_work(of)] {
        std::this_thread::yield();
        of.post([&] { came.set(); });
      });
      co_await came.wait();
    }(loop, helper));
    helper.join();
    CHECK_THROWS_AS(loop.run([](event_loop &of, std::thread &dropping) -> task<> {
      event never_comes;
      dropping = std::thread([work = outside_work(of)]() mutable { outside_work(std::move(work)).end(); });
      co_await never_comes.wait();
    }(loop, helper)),
                    deadlock_error);
    helper.join();
  }
}

TEST_CASE("time stands still in a virtual clock while there is outside work") {
  run_in_virtual_time([]() -> task<> {
    event came;
    event_loop &loop = current_loop();
    auto asleep = spawn([]() -> task<> { co_await sleep_for(1ms); }());
    std::thread helper([&, work = outside_work()] { loop.post([&] { came.set(); }); });
    co_await came.wait();
    CHECK_FALSE(asleep.done());
    helper.join();
    co_await asleep;
  }());
}

TEST_CASE_METHOD(on_each_backend, "what is posted to a loop that goes away is dropped, and not leaked") {
  auto token = std::make_shared<int>(1);
  {
    event_loop loop;
    loop.post([token] { FAIL("must not be called"); });
    CHECK(token.use_count() == 2);
  }
  CHECK(token.use_count() == 1);
}

TEST_CASE_METHOD(on_each_backend,
                 "a cancellation that races with the end on another thread leaves one outcome or the other") {
  run([]() -> task<> {
    int ended = 0, stopped = 0;
    for (int i = 0; i < 500; ++i) {
      auto racing = spawn(to_thread([i] { return i; }));
      co_await yield_now();
      for (int turn = i % 7; turn > 0; --turn)
        co_await yield_now();
      racing.cancel();
      co_await racing.ended();
      if (racing.was_cancelled()) {
        ++stopped;
      } else {
        ++ended;
        CHECK(racing.take() == i);
      }
    }
    CHECK(ended + stopped == 500);
  }());
}

TEST_CASE_METHOD(on_each_backend, "names are resolved on another thread, numeric addresses at once") {
  run([]() -> task<> {
    const auto numeric = co_await resolve("127.0.0.1", 80);
    REQUIRE(numeric.size() == 1);
    CHECK(numeric.front().to_string() == "127.0.0.1:80");
    const auto named = co_await resolve("localhost", 81);
    REQUIRE_FALSE(named.empty());
    CHECK(named.front().port == 81);
    std::string message;
    try {
      co_await resolve("not a host", 1);
    } catch (const std::system_error &error) {
      message = error.what();
    }
    CHECK_THAT(message, Catch::Matchers::Contains("not a host"));
  }());
}
