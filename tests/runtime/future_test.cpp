// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Futures: one outcome for all that wait, whoever sets it and wherever.
#include "captured_stderr.h"
#include "on_each_backend.h"
#include "virtual_time.h"
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/future.h>
#include <coroscope/sleep.h>
#include <coroscope/when_all.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

task<int> value_of(future<int> of) { co_return co_await of; }

} // namespace

TEST_CASE_METHOD(on_each_backend, "all that wait for a future get its one value, and whoever comes later too") {
  run_in_virtual_time([]() -> task<> {
    completer<std::string> sets;
    const future<std::string> text = sets.get_future();
    const auto address = [](future<std::string> of) -> task<const std::string *> { co_return &co_await of; };
    auto a = spawn(address(text));
    auto b = spawn(address(text));
    co_await sleep_for(1ms);
    CHECK_FALSE(text.done());
    CHECK_FALSE(a.done());
    sets.set_value("the one");
    CHECK(text.done());
    const std::string *const first = co_await a;
    const std::string *const second = co_await b;
    const std::string &third = co_await text;
    CHECK(*first == "the one");
    CHECK((first == second && second == &third));
    CHECK_THROWS_AS(sets.set_value("another"), std::logic_error);
  }());
}

TEST_CASE_METHOD(on_each_backend,
                 "a future's exception goes to all that wait; that of a completer which was dropped says so") {
  run_in_virtual_time([]() -> task<> {
    completer<> sets;
    const future<> failing = sets.get_future();
    sets.set_error(std::make_exception_ptr(std::runtime_error("no luck")));
    for (int i = 0; i < 2; ++i) {
      std::string caught;
      try {
        co_await failing;
      } catch (const std::runtime_error &error) {
        caught = error.what();
      }
      CHECK(caught == "no luck");
    }
    std::optional<completer<int>> dropped(std::in_place);
    auto waiting = spawn(value_of(dropped->get_future()));
    co_await yield_now();
    dropped.reset();
    bool never = false;
    try {
      co_await waiting;
    } catch (const never_completed &) {
      never = true;
    }
    CHECK(never);
  }());
}

TEST_CASE_METHOD(on_each_backend,
                 "a future may be completed by another thread, before, while and after it is waited for") {
  run([]() -> task<> {
    for (int i = 0; i < 300; ++i) {
      completer<int> sets;
      const future<int> number = sets.get_future();
      std::thread other([&sets, i] { sets.set_value(i); });
      const auto [first, second] = co_await when_all(value_of(number), value_of(number));
      CHECK((first == i && second == i));
      other.join();
    }
  }());
}

TEST_CASE_METHOD(on_each_backend, "tasks of several loops wait for one future") {
  completer<int> sets;
  std::vector<std::thread> loops;
  std::atomic<int> sum = 0;
  for (int i = 0; i < 4; ++i)
    loops.emplace_back([&, number = sets.get_future()] { sum += run(value_of(number)); });
  sets.set_value(10);
  for (std::thread &each : loops)
    each.join();
  CHECK(sum == 40);
}

TEST_CASE_METHOD(on_each_backend, "a cancelled wait leaves the future alone") {
  run_in_virtual_time([]() -> task<> {
    completer<int> sets;
    auto waiting = spawn(value_of(sets.get_future()));
    co_await sleep_for(1ms);
    waiting.cancel();
    co_await waiting.ended();
    CHECK(waiting.was_cancelled());
    sets.set_value(4);
    const int value = co_await sets.get_future();
    CHECK(value == 4);
  }());
}

TEST_CASE_METHOD(on_each_backend,
                 "a cancellation that races with the completion by another thread leaves one outcome or the other") {
  run([]() -> task<> {
    for (int i = 0; i < 300; ++i) {
      completer<int> sets;
      auto waiting = spawn(value_of(sets.get_future()));
      co_await yield_now();
      std::thread other([&sets, i] { sets.set_value(i); });
      for (int turn = i % 5; turn > 0; --turn)
        co_await yield_now();
      waiting.cancel();
      co_await waiting.ended();
      if (!waiting.was_cancelled())
        CHECK(waiting.take() == i);
      other.join();
    }
  }());
}

TEST_CASE_METHOD(on_each_backend, "tasks that wait for a future when main ends leave it") {
  completer<int> sets;
  CHECK_THROWS_AS(run([](completer<int> &own) -> task<> {
                    spawn(value_of(own.get_future()));
                    co_await yield_now();
                    throw std::runtime_error("main ends");
                  }(sets)),
                  std::runtime_error);
  sets.set_value(1);
  CHECK(run(value_of(sets.get_future())) == 1);
}

TEST_CASE_METHOD(on_each_backend, "with a virtual clock a future that nobody can complete is a deadlock") {
  completer<int> sets;
  CHECK_THROWS_AS(run_in_virtual_time(value_of(sets.get_future())), deadlock_error);
}

TEST_CASE("an error that a future was given and that nobody took is reported, with the place") {
  const auto fail = [](bool is_taken) {
    run_in_virtual_time([](bool taken) -> task<> {
      completer<int> source;
      const auto result = source.get_future();
      source.set_error(std::make_exception_ptr(std::runtime_error("spilt milk")));
      std::string caught;
      try {
        if (taken)
          co_await result;
      } catch (const std::runtime_error &error) {
        caught = error.what();
      }
      CHECK(caught.empty() != taken);
    }(is_taken));
  };
  CHECK(captured_stderr([&] { fail(true); }).empty());
  const std::string said = captured_stderr([&] { fail(false); });
  CHECK_THAT(said, Catch::Matchers::Contains("future_test.cpp:") && Catch::Matchers::Contains("spilt milk"));
  CHECK(captured_stderr([] { const completer<> dropped; }).empty());
}
