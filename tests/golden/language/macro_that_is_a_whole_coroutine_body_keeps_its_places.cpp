#include "../support.h"

#define AWAIT(value) co_await later_of{value}
#define CHECKED(value)                                                                                                 \
  do {                                                                                                                 \
    if (AWAIT(value))                                                                                                  \
      AWAIT(-(value));                                                                                                 \
  } while (false)

struct later_of : later {
  int value;
  later_of(int);
};

fire body() {
  CHECKED(1);
  CHECKED(2);
}
