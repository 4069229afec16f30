#include "../support.h"

template <class T> fire send(T value) {
  co_await later{};
  use(&value);
}

template <> fire send(const char *text) {
  co_await later{};
  co_await later{};
  use(text);
}

void start() {
  send(1);
  send("text");
}
