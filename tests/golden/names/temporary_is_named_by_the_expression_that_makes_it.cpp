#include "../support.h"

struct text {
  explicit text(int length);
  ~text();
  int size() const;
};

fire coroutine(int number) { use(text(number).size() + co_await later{}); }
