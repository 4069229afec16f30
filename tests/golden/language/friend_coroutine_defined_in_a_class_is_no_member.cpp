#include "../support.h"

struct owner {
  int secret = 0;
  friend fire reveal(const owner &which) {
    co_await later{};
    use(which.secret);
  }
};

void start(const owner &one) {
  reveal(one);
}
