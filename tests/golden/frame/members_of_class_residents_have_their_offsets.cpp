// coroscope: dis --members --levels=O0
#include "../support.h"

struct base {
  virtual ~base() = default;
  long id;
};
struct inner {
  short x, y;
};
struct record : base {
  inner parts[2];
  unsigned low : 3, high : 5;
  union {
    int number;
    float fraction;
  };
};

fire coroutine(record *from) {
  record kept(*from);
  co_await later{};
  use(&kept);
}
