#include "../support.h"

fire conditions() {
  if (co_await later{})
    use(1);
  while (co_await later{})
    use(2);
  do
    use(3);
  while (co_await later{});
}
