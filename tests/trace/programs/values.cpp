// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Variables of every kind that a recording of frames shows the value of, changing from step to step.
#include <coroutine>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

enum class color : std::uint8_t { red, green };
enum plain { none, some = -3 };

struct base {
  short low = -2;
};
struct point : base {
  int x = 0;
  double y = 0;
  bool ok : 1 = false;
  unsigned count : 3 = 0;
  float rest[2] = {};
};

struct task {
  struct promise_type {
    int steps = 7;
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

task steps(int n, std::string name) {
  point p;
  p.x = n;
  p.y = 2.5;
  p.ok = true;
  p.count = 5;
  p.rest[1] = -0.25f;
  color c = color::red;
  plain odd = static_cast<plain>(12);
  char letter = '\n';
  char text[8] = "a\"b";
  std::optional<int> found;
  std::optional<std::string> word;
  std::vector<int> numbers{1, 2};
  std::pair<std::uint64_t, std::int8_t> both{18446744073709551615u, -128};
  std::string_view nothing;
  std::string_view part = std::string_view("words in a row").substr(0, 5);
  const char *literal = "literal";
  const char *wild = reinterpret_cast<const char *>(16);
  std::vector<std::string> names{"one", "two"};
  task *nobody = nullptr;
  std::coroutine_handle<> resumer;
  use(p, c, odd, letter, text, found, word, numbers, both, nothing, part, literal, wild, names, nobody, resumer);
  for (int i = 0; i < 2; ++i) {
    co_await std::suspend_always{};
    p.x += 1;
    c = color::green;
    odd = some;
    found = i;
    word = "w" + std::to_string(i) + std::string(static_cast<std::size_t>(i) * 200, '-');
    numbers.push_back(i);
    use(p, c, odd, letter, text, found, word, numbers, both, nothing, part, literal, wild, names, nobody, resumer);
  }
  {
    long inner = 40 + n;
    use(inner);
    co_await std::suspend_always{};
    use(inner);
  }
  use(p, c, odd, letter, text, found, word, numbers, both, nothing, part, literal, wild, names, nobody, resumer);
  std::puts(name.c_str());
}

// Of the string, only the pointer is read after the await: the length is not stored at -O2.
task half_kept() {
  std::string text(20, 'a');
  std::optional<point> found;
  co_await std::suspend_always{};
  std::puts(text.c_str());
  if (found)
    std::puts("found");
}

void run(task work) {
  while (!work.handle.done())
    work.handle.resume();
  work.handle.destroy();
}

int main() {
  run(steps(3, "short"));
  run(half_kept());
}
