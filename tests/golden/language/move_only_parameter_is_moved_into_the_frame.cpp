#include "../support.h"

struct owned {
  owned(owned &&) noexcept;
  ~owned();
  int *pointer;
};

fire take(owned one, owned &&two, const owned &three) {
  co_await later{};
  use(one.pointer);
  use(two.pointer);
  use(three.pointer);
}
