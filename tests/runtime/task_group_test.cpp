// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tasks that belong together end together, and what went wrong in any of them arrives once.
#include "captured_stderr.h"
#include "later.h"
#include "live_count.h"
#include "virtual_time.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/shield.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/with_timeout.h>
#include <stdexcept>
#include <string>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<> note(std::string &log, std::chrono::milliseconds delay, char letter) {
  co_await sleep_for(delay);
  log += letter;
}

task<> fail_after(std::chrono::milliseconds delay, std::string message) {
  co_await sleep_for(delay);
  throw std::runtime_error(message);
}

template <class T> task<std::string> message_of(task<T> work) {
  try {
    co_await std::move(work);
  } catch (const std::exception &error) {
    co_return error.what();
  }
  co_return "nothing was thrown";
}

/// Never resumed by anyone.
struct forever {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};

} // namespace

TEST_CASE("a group ends when its body and every child have ended") {
  std::string log;
  run_in_virtual_time([](std::string &to) -> task<> {
    const int value = co_await with_task_group([&](task_group &group) -> task<int> {
      group.spawn(note(to, 30ms, 'c'));
      group.spawn(note(to, 10ms, 'a'));
      auto two = group.spawn(later(20ms, 2));
      co_return co_await two + 1;
    });
    to += std::to_string(value);
  }(log));
  CHECK(log == "ac3");
}

TEST_CASE("an empty group ends at once, and one whose children have all ended too") {
  run_in_virtual_time([]() -> task<> {
    co_await with_task_group([](task_group &) -> task<> { co_return; });
    std::string log;
    co_await with_task_group([&](task_group &group) -> task<> {
      group.spawn(note(log, 1ms, 'a'));
      co_await sleep_for(2ms);
      CHECK_FALSE(group.has_children());
      co_await sleep_for(2ms);
      group.spawn(note(log, 1ms, 'b')); // goes on after the body
    });
    CHECK(log == "ab");
    CHECK(current_loop().now().time_since_epoch() == 5ms);
  }());
}

TEST_CASE("children may spawn children into their own group") {
  std::string log;
  run_in_virtual_time([](std::string &to) -> task<> {
    co_await with_task_group([&](task_group &group) -> task<> {
      struct spreads {
        static task<> from(task_group &in, std::string &into, int left) {
          co_await sleep_for(1ms);
          into += static_cast<char>('0' + left);
          if (left > 0)
            in.spawn(from(in, into, left - 1));
        }
      };
      group.spawn(spreads::from(group, to, 3));
      co_return;
    });
  }(log));
  CHECK(log == "3210");
}

TEST_CASE("a failing child cancels body and siblings, and its exception arrives when all have ended") {
  run_in_virtual_time([]() -> task<> {
    int alive = 0;
    std::string log;
    const std::string message = co_await message_of(with_task_group([&](task_group &group) -> task<> {
      group.spawn([](live_count, std::string &to) -> task<> {
        bool stopped = false;
        try {
          co_await sleep_for(1h);
        } catch (const cancelled &) {
          stopped = true;
        }
        if (stopped)
          co_await shield(note(to, 5ms, 's'));
      }(live_count(alive), log));
      group.spawn(fail_after(10ms, "spilt milk"));
      co_await sleep_for(1h);
      log += "not reached";
    }));
    CHECK(message == "spilt milk");
    CHECK(log == "s");
    CHECK(alive == 0);
    CHECK(current_loop().now().time_since_epoch() == 15ms);
    co_await yield_now(); // nothing of it is left in the caller
  }());
}

TEST_CASE("a failing body cancels the children") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    const std::string message = co_await message_of(with_task_group([&](task_group &group) -> task<> {
      group.spawn(note(log, 10ms, 'n'));
      co_await fail_after(1ms, "body");
    }));
    CHECK(message == "body");
    CHECK(log.empty());
  }());
}

TEST_CASE("an exception that a child's join has thrown already arrives once") {
  run_in_virtual_time([]() -> task<> {
    const std::string message = co_await message_of(with_task_group([&](task_group &group) -> task<> {
      auto failing = group.spawn(fail_after(1ms, "only once"));
      group.spawn([](join_handle<> &on) -> task<> { co_await on; }(failing));
      co_await failing;
    }));
    CHECK(message == "only once");
  }());
}

TEST_CASE("failures of several children arrive together") {
  const std::string said = captured_stderr([] {
    run_in_virtual_time([]() -> task<> {
      const std::string message = co_await message_of(with_task_group([&](task_group &group) -> task<> {
        for (const char *each : {"a", "b", "c"})
          group.spawn([](const char *text) -> task<> {
            try {
              co_await sleep_for(1ms);
            } catch (const cancelled &) {
            }
            throw std::runtime_error(text);
          }(each));
        co_return;
      }));
      CHECK(message == "coroscope: 3 tasks of a group failed: a; b; c");
    }());
  });
  CHECK(said.empty());
}

TEST_CASE("a child that is cancelled through its handle is no failure") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    co_await with_task_group([&](task_group &group) -> task<> {
      auto one = group.spawn(note(log, 10ms, 'x'));
      group.spawn(note(log, 5ms, 'y'));
      co_await yield_now();
      one.cancel();
      co_await sleep_for(1ms); // the body is not cancelled
      CHECK(one.was_cancelled());
    });
    CHECK(log == "y");
  }());
}

TEST_CASE("a group that is cancelled by its own ends without an error") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    co_await with_task_group([&](task_group &group) -> task<> {
      group.spawn(note(log, 10ms, 'x'));
      co_await sleep_for(1ms);
      group.cancel("enough");
      co_await yield_now();
      log += "not reached";
    });
    CHECK(log.empty());
    CHECK(current_loop().now().time_since_epoch() == 1ms);
    const std::string message = co_await message_of(with_task_group([&](task_group &group) -> task<int> {
      group.cancel("enough");
      co_await yield_now();
      co_return 1;
    }));
    CHECK_THAT(message, Catch::Matchers::Contains("enough"));
  }());
}

TEST_CASE("a cancellation from outside reaches every child, and leaves when they have ended") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    auto outer = spawn([](std::string &to) -> task<> {
      co_await with_task_group([&](task_group &group) -> task<> {
        group.spawn(note(to, 10ms, 'x'));
        group.spawn(shield(note(to, 20ms, 's')));
        group.spawn(with_task_group([&](task_group &inner) -> task<> {
          inner.spawn(note(to, 10ms, 'y'));
          co_return;
        }));
        co_return;
      });
      to += "not reached";
    }(log));
    co_await sleep_for(5ms);
    outer.cancel();
    co_await outer.ended();
    CHECK(outer.was_cancelled());
    CHECK(log == "s");
    CHECK(current_loop().now().time_since_epoch() == 20ms);
  }());
}

TEST_CASE("a child that is spawned in a cancelled group starts, and its first await throws") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    co_await with_task_group([&](task_group &group) -> task<> {
      group.cancel();
      group.spawn([](std::string &to) -> task<> {
        to += "started ";
        co_await yield_now();
        to += "not reached";
      }(log));
      co_return;
    });
    CHECK(log == "started ");
  }());
}

TEST_CASE("a timeout around a group ends its children") {
  run_in_virtual_time([]() -> task<> {
    std::string log;
    const std::string message = co_await message_of(with_timeout(5ms, with_task_group([&](task_group &group) -> task<> {
                                                                   group.spawn(note(log, 10ms, 'x'));
                                                                   group.spawn(note(log, 3ms, 'y'));
                                                                   co_return;
                                                                 })));
    CHECK_THAT(message, Catch::Matchers::Contains("the time was over"));
    CHECK(log == "y");
  }());
}

TEST_CASE("a group whose frame is destroyed destroys its children") {
  int alive = 0;
  run_in_virtual_time([](int &count) -> task<> {
    spawn(with_task_group([&](task_group &group) -> task<> {
      for (int i = 0; i < 3; ++i)
        group.spawn([](live_count) -> task<> { co_await forever(); }(live_count(count)));
      co_await with_timeout(1ms, [](live_count) -> task<> { co_await forever(); }(live_count(count)));
    }));
    co_await yield_now();
    co_await yield_now();
    co_await yield_now();
    CHECK(count >= 4);
  }(alive));
  CHECK(alive == 0);
}

TEST_CASE("ten thousand children come and go") {
  run_in_virtual_time([]() -> task<> {
    int ended = 0;
    co_await with_task_group([&](task_group &group) -> task<> {
      for (int i = 0; i < 10'000; ++i)
        group.spawn([](int delay, int &count) -> task<> {
          co_await sleep_for(std::chrono::microseconds(delay * 7919 % 1009));
          ++count;
        }(i, ended));
      co_return;
    });
    CHECK(ended == 10'000);
  }());
}
