// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct transfer {
  bool await_ready() noexcept;
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>) noexcept;
  void await_resume() noexcept;
};
fire go() { co_await transfer{}; }
