// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nothing to instrument: it links without the recorder.
#include <cstdio>

int main() {
  std::puts("nothing here");
  return 0;
}
