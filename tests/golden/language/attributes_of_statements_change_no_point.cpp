#include "../support.h"

fire annotated([[maybe_unused]] int n) {
  if (co_await later{}) [[unlikely]]
    use(1);
  [[clang::noinline]] use(co_await later{});
#pragma unroll 4
  for (int i = 0; i < 8; ++i)
    co_await later{};
}
