// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Frames of many kilobytes keep every byte across suspensions, arrays and vectors among them.
#include "corpus.h"

#include <cstring>

using four = float __attribute__((vector_size(16)));
using eight = int __attribute__((vector_size(32)));

static unsigned sum_of(const unsigned char *bytes, std::size_t size) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < size; ++i)
    sum = sum * 31 + bytes[i];
  return sum;
}

static generator<unsigned> keeps(unsigned seed) {
  unsigned char bytes[40'000];
  for (std::size_t i = 0; i < sizeof bytes; ++i)
    bytes[i] = static_cast<unsigned char>(seed + i * 7);
  co_yield sum_of(bytes, sizeof bytes);
  unsigned char other[10'000];
  std::memcpy(other, bytes, sizeof other);
  co_yield sum_of(bytes, sizeof bytes);
  co_yield sum_of(other, sizeof other);
  bytes[39'999] ^= 1;
  co_yield sum_of(bytes, sizeof bytes);
}

static generator<int> vectors(float by) {
  four lanes = {1, 2, 3, 4};
  eight numbers = {1, 2, 3, 4, 5, 6, 7, 8};
  co_yield 0;
  lanes *= by;
  numbers += 1;
  co_yield static_cast<int>(lanes[3]);
  co_yield numbers[7];
}

int main() {
  generator<unsigned> one = keeps(1), other = keeps(2);
  while (one.next() && other.next())
    std::printf("%u %u\n", one.value(), other.value());
  generator<int> all = vectors(2.5F);
  all.next();
  CHECK(all.next() && all.value() == 10);
  CHECK(all.next() && all.value() == 9);
  return result();
}
