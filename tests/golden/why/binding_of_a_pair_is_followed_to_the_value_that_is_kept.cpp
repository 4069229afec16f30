// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O2 --why=left
// coroscope: dis --levels=O2 --why=step
// coroscope: dis --levels=O2 --why=place
#include "../support.h"
#include <map>
#include <tuple>
#include <utility>

fire counts_down(int count) {
  auto [left, step] = std::pair(count, 3L);
  while (left > 0) {
    co_await later{};
    left -= static_cast<int>(step);
  }
}

fire looks_up(std::map<int, int> &map) {
  auto [place, is_new] = map.try_emplace(1, 2);
  co_await later{};
  use(place->second);
}

std::tuple<long, int *> make();

fire keeps_an_object() {
  auto &&[left, place] = make();
  co_await later{};
  use(left == 0 ? nullptr : place);
}
