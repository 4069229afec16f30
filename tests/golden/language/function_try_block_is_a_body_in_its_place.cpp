// coroscope: dis --lowered
#include "../support.h"

fire attempt(int n) try {
  co_await later{};
  use(n);
} catch (int error) {
  use(error);
}
