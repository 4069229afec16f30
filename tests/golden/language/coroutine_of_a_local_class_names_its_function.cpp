#include "../support.h"

fire outer(int n) {
  struct local {
    int kept;
    fire inner() {
      co_await later{};
      use(kept);
    }
  };
  local one{n};
  co_await later{};
  one.inner();
}
