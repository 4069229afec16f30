// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct text {
  text(text &&);
  ~text();
};
fire go(text moved, const text &kept, int copied) {
  co_await later{};
  use(copied);
}
