#include "../support.h"

template <class T, int Size> struct buffer {
  T items[Size];
  yields<T> each();
};

template <class T, int Size> yields<T> buffer<T, Size>::each() {
  for (T &item : items)
    co_yield item;
}

template struct buffer<short, 3>;
