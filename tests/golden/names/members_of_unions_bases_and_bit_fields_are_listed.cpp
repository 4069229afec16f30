// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --members --levels=O2
#include "../support.h"

union number {
  int whole;
  double real;
};
struct flags {
  unsigned low : 3;
  unsigned high : 5;
  bool last : 1;
};
struct message : flags {
  number value;
  struct {
    char letter;
  };
};
fire keep() {
  message kept{};
  use(&kept);
  co_await later{};
  use(&kept);
}
