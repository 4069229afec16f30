#include "../support.h"

fire größe(int länge) {
  /* übrig */ use(länge + co_await later{}); use(co_await later{});
  use(länge);
}
