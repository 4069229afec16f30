#include "../support.h"

fire wrong() {
  co_await 1;
}
