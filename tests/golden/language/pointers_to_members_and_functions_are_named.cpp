#include "../support.h"

struct device {
  int port;
  void open(int);
};

fire call(int device::*field, void (device::*method)(int), void (*function)(int), device *which) {
  co_await later{};
  (which->*method)(which->*field);
  function(1);
}
