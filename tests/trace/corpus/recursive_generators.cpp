// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generators that go through generators: a tree in order, permutations, and one that is left midway.
#include "corpus.h"

struct node {
  int value;
  node *left = nullptr;
  node *right = nullptr;
};

static generator<int> in_order(const node *from) {
  if (!from)
    co_return;
  for (generator<int> left = in_order(from->left); left.next();)
    co_yield left.value();
  co_yield from->value;
  for (generator<int> right = in_order(from->right); right.next();)
    co_yield right.value();
}

static generator<unsigned> permutations(unsigned letters, unsigned left) {
  if (left == 0) {
    co_yield letters;
    co_return;
  }
  for (unsigned i = 0; i < 4; ++i)
    if (left & 1u << i)
      for (generator<unsigned> rest = permutations(letters * 10 + i, left & ~(1u << i)); rest.next();)
        co_yield rest.value();
}

int main() {
  node one{1}, three{3}, five{5}, seven{7}, two{2, &one, &three}, six{6, &five, &seven}, four{4, &two, &six};
  int expected = 1;
  for (generator<int> all = in_order(&four); all.next(); ++expected)
    CHECK(all.value() == expected);
  CHECK(expected == 8);
  int count = 0;
  for (generator<unsigned> all = permutations(0, 15); all.next(); ++count)
    if (count % 7 == 0)
      std::printf("%04u\n", all.value());
  CHECK(count == 24);
  generator<unsigned> left_midway = permutations(0, 15);
  left_midway.next();
  return result();
}
