#include "../support.h"

fire wrong()
try {
  co_await later{};
} catch (...) {
  co_await later{};
}
