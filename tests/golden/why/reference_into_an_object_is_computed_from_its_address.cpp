// coroscope: dis --levels=O2 -- -std=c++20
#include "../support.h"

struct node {
  node *next;
  int value;
};

fire walk(node *first) {
  for (node *at = first; at; at = at->next) {
    int &value = at->value;
    use(value);
    co_await later{};
  }
}
