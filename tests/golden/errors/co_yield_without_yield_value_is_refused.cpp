#include "../support.h"

fire wrong() {
  co_yield 1;
}
