#include "../support.h"

struct reader {
  virtual fire go() = 0;
};
struct writer {
  int written = 0;
  virtual fire flush() = 0;
};
struct pipe final : reader, writer {
  fire go() override {
    co_await later{};
    use(written);
  }
  fire flush() override {
    co_await later{};
    use(written);
  }
};

pipe one;
