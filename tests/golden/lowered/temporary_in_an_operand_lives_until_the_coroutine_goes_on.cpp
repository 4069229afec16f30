// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct text {
  text(const char *);
  ~text();
};
later send(const text &);
fire go() { co_await send("hello"); }
