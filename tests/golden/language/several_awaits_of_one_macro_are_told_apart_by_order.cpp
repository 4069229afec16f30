#include "../support.h"

#define BOTH(operand) (co_await (operand) + co_await (operand))

fire twice() {
  use(BOTH(later{}));
  co_await later{};
}
