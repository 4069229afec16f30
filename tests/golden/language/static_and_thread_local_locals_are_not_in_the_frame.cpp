#include "../support.h"

fire count() {
  static int calls = 0;
  thread_local int on_this_thread = 0;
  ++calls;
  ++on_this_thread;
  co_await later{};
  use(calls + on_this_thread);
}
