#include "../support.h"

template <class T> fire keep(T value) {
  co_await later{};
  use(&value);
}

struct large {
  char bytes[100];
};

template fire keep<char>(char);
template fire keep<large>(large);
