// coroscope: dis --lowered --levels=O0
#include "../support.h"

template <bool Twice> fire go() {
  if constexpr (Twice)
    co_await later{};
  co_await later{};
}
void start() {
  go<true>();
  go<false>();
}
