#include "../support.h"

struct text {
  text(const text &);
  ~text();
};
text made(int number);
int measure(text, int);

fire coroutine(int number) { use(measure(made(number), co_await later{})); }
