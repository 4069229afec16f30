// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Variables of the standard library's classes, and what they lead to: texts and vectors in vectors, in variants, behind
// pointers; characters of every width; unions, arrays of arrays.
#include <array>
#include <atomic>
#include <chrono>
#include <coroutine>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

struct point {
  int x, y;
};
struct node {
  int value;
  std::unique_ptr<node> next;
};
struct tree {
  std::string name;
  std::vector<tree> children;
};
union number {
  int whole;
  float part;
};
enum class color { red, green };

struct task {
  struct promise_type {
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

void use_one(void *value) { asm volatile("" ::"r"(value) : "memory"); }

template <class... Values> [[gnu::noinline]] void use(Values &...values) { (use_one(&values), ...); }

task pointers() {
  std::unique_ptr<int[]> numbers(new int[3]{7, 8, 9});
  std::shared_ptr<point> shared = std::make_shared<point>(point{3, 4});
  std::weak_ptr<point> watching = shared;
  std::span<int> some(numbers.get(), 3);
  std::span<int, 2> two(numbers.get(), 2);
  node list{1, std::make_unique<node>(node{2, std::make_unique<node>(node{3, nullptr})})};
  std::vector<std::unique_ptr<point>> owners;
  owners.push_back(std::make_unique<point>(point{5, 6}));
  std::optional<std::vector<int>> perhaps;
  use(numbers, shared, watching, some, two, list, owners, perhaps);
  co_await std::suspend_always{};
  shared.reset();
  numbers[1] = 80;
  list.next.reset();
  owners.push_back(nullptr);
  perhaps = std::vector{1, 2};
  use(numbers, shared, watching, some, two, list, owners, perhaps);
  co_await std::suspend_always{};
  use(numbers, shared, watching, some, two, list, owners, perhaps);
}

task nested() {
  std::vector<std::vector<int>> rows{{1, 2}, {}, {3}};
  std::vector<std::string> words{"short", "one that stands on the heap"};
  std::string pair[2] = {"a", "one that stands on the heap too"};
  int square[2][3] = {{1, 2, 3}, {4, 5, 6}};
  std::array<point, 2> corners{{{0, 0}, {1, 1}}};
  tree family{"the eldest of them all", {{"a child with a long name", {}}, {"another", {}}}};
  std::tuple<int, color, std::string> three(1, color::green, "a text long enough for the heap");
  std::map<int, int> ages{{1, 2}};
  std::unordered_map<int, int> table{{1, 2}, {3, 4}};
  std::list<int> queue{1, 2, 3};
  std::deque<int> ends(200);
  std::vector<bool> flags(70);
  std::function<int()> callable;
  use(rows, words, pair, square, corners, family, three, ages, table, queue, ends, flags, callable);
  co_await std::suspend_always{};
  rows[1].push_back(9);
  words.emplace_back("third");
  square[1][2] = -6;
  family.children.clear();
  ages[5] = 6;
  queue.clear();
  ends.pop_front();
  ends.resize(300);
  flags.push_back(true);
  callable = [&ages] { return ages[5]; };
  use(rows, words, pair, square, corners, family, three, ages, table, queue, ends, flags, callable);
  co_await std::suspend_always{};
  use(rows, words, pair, square, corners, family, three, ages, table, queue, ends, flags, callable);
}

task alternatives() {
  std::variant<std::monostate, int, std::string, point> what;
  number bits{.whole = 1065353216};
  std::chrono::milliseconds wait{250};
  std::atomic<int> count{5};
  char32_t letter = U'é';
  char16_t half = u'\n';
  char8_t byte = u8'y';
  wchar_t wide = L'z';
  std::u16string text = u"größer 🙂";
  std::u32string_view view = U"a view of characters that are wide";
  use(what, bits, wait, count, letter, half, byte, wide, text, view);
  co_await std::suspend_always{};
  what = 42;
  use(what, bits, wait, count, letter, half, byte, wide, text, view);
  co_await std::suspend_always{};
  what = std::string("a text that stands on the heap");
  bits.part = -2;
  wait *= 2;
  ++count;
  text += u" and on the heap";
  use(what, bits, wait, count, letter, half, byte, wide, text, view);
  co_await std::suspend_always{};
  what = point{8, 9};
  use(what, bits, wait, count, letter, half, byte, wide, text, view);
  co_await std::suspend_always{};
  use(what, bits, wait, count, letter, half, byte, wide, text, view);
}

int main() {
  for (const task &one : {pointers(), nested(), alternatives()}) {
    while (!one.handle.done())
      one.handle.resume();
    one.handle.destroy();
  }
}
