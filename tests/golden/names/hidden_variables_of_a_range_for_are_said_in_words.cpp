#include "../support.h"

fire coroutine(int (&numbers)[4]) {
  for (int number : numbers) {
    co_await later{};
    use(number);
  }
}
