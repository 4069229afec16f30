// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct maybe {
  bool await_ready();
  bool await_suspend(std::coroutine_handle<>);
  void await_resume();
};
fire go() { co_await maybe{}; }
