#include "../support.h"

template <class T> struct outer {
  template <template <class> class Box, auto Value> struct inner {
    fire go(Box<T> box) {
      co_await later{};
      use(&box);
      use(Value);
    }
  };
};

template <class T> struct holder {
  T value;
};

template struct outer<int>::inner<holder, 7>;
