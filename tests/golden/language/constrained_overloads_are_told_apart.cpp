#include "../support.h"

template <class T>
concept awaiter = requires(T value) { value.await_ready(); };

template <class T> fire wait(T value) {
  co_await later{};
  use(&value);
}

template <awaiter T> fire wait(T value) {
  co_await value;
}

void start() {
  wait(1);
  wait(later{});
}
