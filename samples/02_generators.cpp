// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Step 2: a function that stops in the middle, and a scheduler made of nothing but such functions.
//
//   caller --next()--> generator body --co_yield value--> caller   (the body's locals stay in the coroutine frame)
//   scheduler: queue of coroutines -> resume the first -> it yields its turn -> to the back of the queue
//
// This file needs no library: the promise types below are the whole machinery, and the compiler does the rest.
#include <coroutine>
#include <cstdint>
#include <deque>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

// ---- A generator: co_yield hands a value out, next() asks for one more. ----

template <class T> class generator {
public:
  // The compiler asks the promise what to do at each step of the coroutine's life.
  struct promise_type {
    const T *current = nullptr;
    std::exception_ptr error;

    generator get_return_object() { return generator(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; } // nothing runs before the first next()
    std::suspend_always final_suspend() noexcept { return {}; }   // the frame stays until ~generator
    std::suspend_always yield_value(const T &value) noexcept {
      current = std::addressof(value); // `value` lives in the suspended frame, so its address will do
      return {};
    }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { error = std::current_exception(); }
  };

  explicit generator(std::coroutine_handle<promise_type> coroutine) : coroutine_(coroutine) {}
  generator(generator &&other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  generator &operator=(generator &&) = delete;
  ~generator() {
    if (coroutine_)
      coroutine_.destroy(); // wherever it is suspended: its locals are destroyed as if by a return
  }

  /// Runs the body to its next co_yield. False once it has ended.
  bool next() {
    coroutine_.resume();
    if (coroutine_.promise().error)
      std::rethrow_exception(std::exchange(coroutine_.promise().error, nullptr));
    return !coroutine_.done();
  }
  const T &value() const { return *coroutine_.promise().current; }

private:
  std::coroutine_handle<promise_type> coroutine_;
};

// `a` and `b` live across the suspend, so they are in the frame; `sum` does not, so at -O2 it is in a register.
generator<std::uint64_t> fibonacci() {
  std::uint64_t a = 0, b = 1;
  for (;;) {
    co_yield a;
    const std::uint64_t sum = a + b;
    a = std::exchange(b, sum);
  }
}

// A generator that reads another one: a pipeline, in which one value at a time flows.
generator<std::string> labelled(generator<std::uint64_t> numbers, std::string label, int count) {
  for (int i = 0; i < count && numbers.next(); ++i)
    co_yield label + "[" + std::to_string(i) + "] = " + std::to_string(numbers.value()); // a temporary, kept alive
}

// ---- A scheduler: the same suspension, but the value that is handed out is the turn. ----

class scheduler {
public:
  struct job {
    struct promise_type {
      job get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
      std::suspend_always initial_suspend() noexcept { return {}; }
      std::suspend_always final_suspend() noexcept { return {}; }
      void return_void() noexcept {}
      void unhandled_exception() noexcept { std::terminate(); }
    };
    std::coroutine_handle<promise_type> coroutine;
  };

  void start(job work) { ready_.push_back(work.coroutine); }

  /// Resumes one after the other, round robin, until none is left.
  void run() {
    while (!ready_.empty()) {
      auto coroutine = ready_.front();
      ready_.pop_front();
      coroutine.resume();
      if (coroutine.done())
        coroutine.destroy();
      else
        ready_.push_back(coroutine);
    }
  }

private:
  std::deque<std::coroutine_handle<job::promise_type>> ready_;
};

scheduler::job count_down(std::string name, int from) {
  for (int left = from; left > 0; --left) {
    std::cout << name << ": " << left << '\n';
    co_await std::suspend_always{}; // gives the turn away
  }
  std::cout << name << ": lift-off\n";
}

int main() {
  generator<std::string> lines = labelled(fibonacci(), "fib", 10);
  while (lines.next())
    std::cout << lines.value() << '\n';

  scheduler round_robin;
  round_robin.start(count_down("saturn", 3));
  round_robin.start(count_down("ariane", 1));
  round_robin.start(count_down("soyuz", 2));
  round_robin.run();
}
