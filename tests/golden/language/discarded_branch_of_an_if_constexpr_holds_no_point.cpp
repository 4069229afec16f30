#include "../support.h"

template <bool Twice> fire go() {
  co_await later{};
  if constexpr (Twice)
    co_await later{};
}

template fire go<false>();
template fire go<true>();
