// coroscope: dis --levels=O0
#include "../support.h"

struct answer {
  answer(int);
  ~answer();
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};

fire coroutine() {
  int first = co_await answer(1);
  use(first);
}
