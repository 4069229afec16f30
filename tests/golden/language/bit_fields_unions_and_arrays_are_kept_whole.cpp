#include "../support.h"

struct flags {
  unsigned ready : 1;
  unsigned count : 12;
  bool last : 1;
};
union word {
  int number;
  char bytes[4];
};

fire mixed() {
  flags bits{};
  word either{.number = 1};
  int grid[2][3] = {};
  co_await later{};
  use(bits.count);
  use(either.bytes);
  use(grid);
}
