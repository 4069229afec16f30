// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Replaces operator new by one that counts, for programs of one file: elided frames are not counted.
#pragma once

#include "corpus.h"

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) // which replace them too

void *operator new(std::size_t size) {
  ++allocations;
  if (void *memory = std::malloc(size))
    return memory;
  throw std::bad_alloc();
}
void *operator new(std::size_t size, const std::nothrow_t &) noexcept {
  ++allocations;
  return std::malloc(size);
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }
#endif
