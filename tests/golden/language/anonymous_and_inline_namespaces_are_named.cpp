#include "../support.h"

namespace net {
inline namespace v2 {
namespace {
fire listen(int port) {
  co_await later{};
  use(port);
}
} // namespace
fire serve() {
  co_await later{};
  listen(80);
}
} // namespace v2
} // namespace net

extern "C++" {
fire linked() {
  co_await later{};
}
}

extern "C" fire plain_symbol(int n) {
  co_await later{};
  use(n);
}
