#include "../support.h"

struct timer : later {
  long due = 0;
};

fire wait(timer &shared) {
  timer own;
  co_await own;
  co_await shared;
  co_await static_cast<timer &&>(own);
}
