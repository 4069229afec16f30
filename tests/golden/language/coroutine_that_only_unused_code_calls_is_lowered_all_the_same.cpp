#include "../support.h"

inline fire callee(int n) {
  co_await later{};
  use(n);
}

inline void caller() {
  callee(1);
}

struct never_made {
  virtual fire go() { co_await later{}; }
};
