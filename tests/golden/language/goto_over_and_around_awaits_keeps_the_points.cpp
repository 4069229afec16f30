#include "../support.h"

fire retry(int attempts) {
again:
  if (co_await later{})
    goto done;
  if (--attempts > 0)
    goto again;
  co_await later{};
done:
  use(attempts);
}
