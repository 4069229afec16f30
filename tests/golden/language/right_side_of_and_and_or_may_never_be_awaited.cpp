#include "../support.h"

fire shortcuts(bool first) {
  if ((first && co_await later{}) || co_await later{})
    use(1);
}
