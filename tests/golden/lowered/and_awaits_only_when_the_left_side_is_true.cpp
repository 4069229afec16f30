// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go(bool ready) {
  bool both = ready && co_await later{};
  use(both);
}
