// coroscope: dis --members --levels=O0
#include "../support.h"

struct nothing {};
struct holder : nothing {
  [[no_unique_address]] nothing tag;
  int number;
};

fire coroutine() {
  holder kept{};
  co_await later{};
  use(&kept);
}
