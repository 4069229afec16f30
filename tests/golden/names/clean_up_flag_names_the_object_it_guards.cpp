// coroscope: dis --levels=O0
#include "../support.h"

struct guard {
  explicit guard(int);
  ~guard();
  operator int() const;
};

fire coroutine(bool wanted, int number) { use(wanted ? guard(number) + co_await later{} : 0); }
