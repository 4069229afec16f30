#include "../support.h"

struct odd {
  bool await_ready();
  int await_suspend(std::coroutine_handle<>);
  void await_resume();
};

fire wrong() {
  co_await odd{};
}
