// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() {
  static const int kept = co_await later{};
  thread_local int own{co_await later{}};
  use(kept + own);
}
