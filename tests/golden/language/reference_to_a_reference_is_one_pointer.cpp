#include "../support.h"

template <class T> fire collapse(T &&value) {
  T &&again = static_cast<T &&>(value);
  auto &&third = again;
  co_await later{};
  use(third);
}

template fire collapse<int &>(int &);
template fire collapse<int>(int &&);
