// coroscope: dis --levels=O2 -- -std=c++20
#include "../support.h"

struct pair {
  int key, value;
};

struct list {
  pair *first, *last;
  pair *begin() const { return first; }
  pair *end() const { return last; }
};

yields<int> walk(list pairs) {
  for (const auto &[key, value] : pairs) {
    if (key != 0)
      co_yield value;
  }
}
