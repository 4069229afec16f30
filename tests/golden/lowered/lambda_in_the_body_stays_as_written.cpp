// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() {
  auto inner = [n = co_await later{}]() -> fire { co_await later{}; };
  inner();
}
