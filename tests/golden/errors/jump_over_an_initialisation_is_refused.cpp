#include "../support.h"

fire skip() {
  goto end;
  int n = co_await later{};
end:
  use(n);
}
