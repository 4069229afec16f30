// coroscope: dis --levels=O0
#include "../support.h"

struct text {
  text(const char *);
  ~text();
  friend text operator+(const text &, const text &);
  int size() const;
};

fire coroutine(text one, text other) { use((one + text(", ") + other).size() + co_await later{}); }
