// coroscope: dis --levels=O2 -- -std=c++20
#include "../support.h"

struct outcome {
  std::exception_ptr error;
  const std::exception_ptr &failure() const { return error; }
};

struct job {
  outcome *result;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<>);
  void await_resume() {
    if (result->failure())
      std::rethrow_exception(result->failure());
  }
};

fire work(outcome *result) {
  try {
    co_await job{result};
  } catch (...) {
    use(1);
  }
  co_await later{};
}
