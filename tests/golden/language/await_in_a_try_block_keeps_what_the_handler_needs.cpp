#include "../support.h"

fire guarded(int fallback) {
  int value = 0;
  try {
    value = co_await later{};
  } catch (int thrown) {
    value = fallback + thrown;
  }
  co_await later{};
  use(value);
}
