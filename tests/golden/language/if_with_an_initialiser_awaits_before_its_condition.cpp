#include "../support.h"

fire decide() {
  if (int n = co_await later{}; n > co_await later{})
    use(n);
}
