#include "../support.h"

fire empty() {
  co_return;
}
