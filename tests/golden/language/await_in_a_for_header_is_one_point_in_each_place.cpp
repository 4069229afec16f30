#include "../support.h"

fire loop() {
  for (int i = co_await later{}; i < co_await later{}; i += co_await later{})
    use(i);
}
