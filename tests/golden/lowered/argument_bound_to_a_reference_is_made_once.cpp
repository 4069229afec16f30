// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct text {
  text(const char *);
  ~text();
};
text read();
struct read_later {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  text await_resume();
};
int both(text &&, int);
int ordered(const text &, text &&, int);
fire go() {
  both(read(), co_await later{});
  ordered("a", co_await read_later{}, co_await later{});
}
