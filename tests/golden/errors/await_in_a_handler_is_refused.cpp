#include "../support.h"

fire recover() {
  try {
    use(1);
  } catch (...) {
    co_await later{};
  }
}
