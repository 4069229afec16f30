// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --no-hazard=frame-over-page
// coroscope: dis --no-hazard=all --levels=O0
// coroscope: dis --no-hazard=frame-over-pages
#include "../support.h"

fire read() {
  char buffer[5000];
  use(buffer);
  co_await later{};
  use(buffer);
}
