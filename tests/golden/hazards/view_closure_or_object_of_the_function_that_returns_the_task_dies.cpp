// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O2
#include "../support.h"
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

yields<int> letters(const std::string &text) { co_yield static_cast<int>(text.size()); }
yields<char> spelled(std::string_view text) {
  for (const char letter : text)
    co_yield letter;
}
yields<int> numbers(std::span<const int> values) {
  for (const int value : values)
    co_yield value;
}
yields<int> moved(std::string &&text) { co_yield static_cast<int>(text.size()); }

yields<char> of_a_view() {
  std::string text = "local";
  return spelled(text);
}
yields<int> of_a_span() {
  std::vector<int> values{1, 2};
  return numbers(values);
}
yields<int> of_an_array() {
  int values[3]{};
  return numbers(values);
}
yields<int> of_a_moved_one() {
  std::string text = "local";
  return moved(std::move(text));
}
yields<int> of_one_of_two(bool which) {
  std::string one = "one", other = "other";
  return letters(which ? one : other);
}
yields<int> of_a_closure(int n) {
  auto body = [n]() -> yields<int> { co_yield n; };
  return body();
}
struct counter {
  int n;
  yields<int> count() { co_yield n; }
};
yields<int> of_an_object() {
  counter from{3};
  return from.count();
}
