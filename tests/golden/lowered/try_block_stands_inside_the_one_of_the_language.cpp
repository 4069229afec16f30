// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() {
  try {
    co_await later{};
  } catch (int code) {
    use(code);
    co_return;
  }
}
