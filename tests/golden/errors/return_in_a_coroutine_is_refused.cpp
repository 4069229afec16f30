#include "../support.h"

fire mixed() {
  co_await later{};
  return {};
}
