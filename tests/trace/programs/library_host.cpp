// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program without coroutines that loads a library which has some and no recorder.
#include <cstdio>
#include <dlfcn.h>

int main(int, char **arguments) {
  void *const library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    std::puts(dlerror());
    return 1;
  }
  std::printf("%d\n", reinterpret_cast<int (*)(int)>(dlsym(library, "library_entry"))(2));
}
