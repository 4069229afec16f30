#include "../support.h"

struct server {
  int port = 0;
  virtual fire run() const {
    co_await later{};
    use(port);
  }
  fire stop() && {
    co_await later{};
    use(port);
  }
  static fire restart(server &which) {
    co_await later{};
    use(which.port);
  }
  virtual ~server() = default;
};

void start(server &one) {
  one.run();
  static_cast<server &&>(one).stop();
  server::restart(one);
}
