// coroscope: dis --members --levels=O0
#include "../support.h"

fire coroutine(int number, long factor) {
  auto closure = [number, &factor] { use(number + static_cast<int>(factor)); };
  co_await later{};
  closure();
}
