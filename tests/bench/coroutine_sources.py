# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Larger coroutine sources for the benchmark: what servers, pipelines, state machines and generic code look like.

  seed, shape --source()--> text of a file of 300-1500 lines, the same every time
"""

import random

HEAD = """// {what}
#include <algorithm>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

template <class T> class task {{
public:
  struct promise_type {{
    std::optional<T> value;
    std::exception_ptr error;
    std::coroutine_handle<> continuation = std::noop_coroutine();
    task get_return_object() {{ return task(std::coroutine_handle<promise_type>::from_promise(*this)); }}
    std::suspend_always initial_suspend() noexcept {{ return {{}}; }}
    auto final_suspend() noexcept {{
      struct resumer {{
        bool await_ready() noexcept {{ return false; }}
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {{
          return self.promise().continuation;
        }}
        void await_resume() noexcept {{}}
      }};
      return resumer{{}};
    }}
    void unhandled_exception() {{ error = std::current_exception(); }}
    template <class U> void return_value(U &&result) {{ value.emplace(std::forward<U>(result)); }}
  }};
  task(task &&other) noexcept : handle_(std::exchange(other.handle_, {{}})) {{}}
  ~task() {{
    if (handle_)
      handle_.destroy();
  }}
  bool await_ready() const noexcept {{ return false; }}
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {{
    handle_.promise().continuation = caller;
    return handle_;
  }}
  T await_resume() {{
    if (handle_.promise().error)
      std::rethrow_exception(handle_.promise().error);
    return std::move(*handle_.promise().value);
  }}

private:
  explicit task(std::coroutine_handle<promise_type> handle) : handle_(handle) {{}}
  std::coroutine_handle<promise_type> handle_;
}};

struct readable {{
  int device;
  bool await_ready() const noexcept {{ return false; }}
  void await_suspend(std::coroutine_handle<> waiter) noexcept;
  std::string await_resume();
}};
struct writable {{
  int device;
  std::string_view text;
  bool await_ready() const noexcept {{ return text.empty(); }}
  bool await_suspend(std::coroutine_handle<> waiter) noexcept;
  std::size_t await_resume();
}};
struct request {{
  std::string path;
  std::map<std::string, std::string> fields;
  std::vector<std::uint8_t> body;
}};
struct guard {{
  explicit guard(int device);
  ~guard();
}};
"""

HANDLER = """
task<std::size_t> handle_{n}(int device, request asked, std::string prefix) {{
  std::size_t sent = 0;
  std::vector<std::string> lines;
  for (const auto &[name, value] : asked.fields) {{
    if (name.size() < {a})
      continue;
    std::string line = prefix + name + ": " + value;
    sent += co_await writable{{device, line}};
    lines.push_back(std::move(line));
  }}
  try {{
    const guard held(device);
    const std::string answer = co_await readable{{device}};
    if (answer.size() > {b}) {{
      char buffer[{c}];
      const auto count = std::min(answer.size(), sizeof buffer);
      std::copy_n(answer.begin(), count, buffer);
      sent += co_await writable{{device, std::string_view(buffer, count)}};
    }}
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (lines[i] == answer)
        sent += {call};
  }} catch (const std::exception &error) {{
    prefix = error.what();
  }}
  if (!prefix.empty())
    sent += co_await writable{{device, prefix}};
  co_return sent;
}}
"""

MACHINE = """
task<int> machine_{n}(int device, int state) {{
  std::string pending;
  int turns = 0;
  while (state != {last}) {{
    switch (state) {{
{cases}
    default:
      co_return turns;
    }}
    ++turns;
  }}
  co_return turns + static_cast<int>(pending.size());
}}
"""

CASE = """    case {i}: {{
      const std::string next = co_await readable{{device}};
      pending += next;
      state = next.size() > {a} ? {j} : {k};
      break;
    }}"""

TEMPLATE = """
template <class Value, int Depth> struct pipe_{n} {{
  task<Value> run(Value value, std::vector<Value> rest) {{
    Value sum = value;
    for (Value &each : rest) {{
      const std::string text = co_await readable{{Depth}};
      each += static_cast<Value>(text.size());
      sum += each;
    }}
    if constexpr (Depth > 0) {{
      pipe_{n}<Value, Depth - 1> below;
      sum += co_await below.run(sum, std::move(rest));
    }}
    co_return sum;
  }}
}};
task<int> use_pipe_{n}(std::vector<int> numbers) {{
  pipe_{n}<int, {depth}> whole;
  pipe_{n}<double, {depth}> real;
  const int first = co_await whole.run(1, numbers);
  const double second = co_await real.run(1.5, {{1.0, 2.0}});
  co_return first + static_cast<int>(second);
}}
"""

PLAIN = """
std::string plain_{n}(const std::vector<request> &all) {{
  std::map<std::string, std::size_t> seen;
  for (const request &each : all) {{
    seen[each.path] += each.body.size();
    for (const auto &[name, value] : each.fields)
      if (value.find("{a}") != std::string::npos)
        ++seen[name];
  }}
  std::string text;
  for (const auto &[name, count] : seen)
    text += name + "=" + std::to_string(count * {b}) + ";";
  return text;
}}
"""


def handlers(choose, count):
    for n in range(count):
        callee = f"co_await handle_{choose.randrange(n)}(device, asked, line_of(i))" if n else "1"
        call = callee.replace("line_of(i)", "lines[i]")
        yield HANDLER.format(n=n, a=choose.randrange(1, 9), b=choose.randrange(10, 99), c=choose.choice([64, 256, 1024]),
                             call=call)


def machines(choose, count, states):
    for n in range(count):
        cases = "\n".join(CASE.format(i=i, a=choose.randrange(100), j=choose.randrange(states + 1),
                                      k=choose.randrange(states + 1)) for i in range(states))
        yield MACHINE.format(n=n, last=states, cases=cases)


def templates(choose, count, depth):
    for n in range(count):
        yield TEMPLATE.format(n=n, depth=depth)


def plain(choose, count):
    for n in range(count):
        yield PLAIN.format(n=n, a=choose.randrange(1000), b=choose.randrange(1, 50))


def long_body(choose, awaits):
    lines = ["", "task<int> long_body(int device) {", "  int sum = 0;", "  std::string last;"]
    for i in range(awaits):
        lines.append(f"  const std::string v{i} = co_await readable{{device + {i}}};")
        if i % 3 == 2:
            lines.append(f"  sum += static_cast<int>(co_await writable{{device, v{choose.randrange(i)}}});")
    lines += ["  co_return sum;", "}"]
    yield "\n".join(lines) + "\n"


SHAPES = {
    "server": lambda c: [*handlers(c, 20)],
    "busy_server": lambda c: [*handlers(c, 40)],
    "machine": lambda c: [*machines(c, 6, 8)],
    "large_machine": lambda c: [*machines(c, 4, 40)],
    "templates": lambda c: [*templates(c, 14, 4)],
    "many_templates": lambda c: [*templates(c, 10, 8)],
    "many_awaits": lambda c: [*long_body(c, 200)],
    "mostly_plain": lambda c: [*plain(c, 60), *handlers(c, 4)],
    "one_coroutine": lambda c: [*plain(c, 40), *handlers(c, 1)],
    "mixed": lambda c: [*handlers(c, 10), *machines(c, 3, 10), *templates(c, 4, 4), *plain(c, 10)],
}


def source(shape):
    return HEAD.format(what=shape) + "".join(SHAPES[shape](random.Random(shape)))


def small(number):
    """A unit with coroutines of its own that costs little more than they do, for data bases of many."""
    lines = ["#include <coroutine>", "struct job {", "  struct promise_type {", "    job get_return_object();",
             "    std::suspend_always initial_suspend() noexcept;", "    std::suspend_always final_suspend() noexcept;",
             "    void return_void();", "    void unhandled_exception();", "  };", "  bool await_ready();",
             "  void await_suspend(std::coroutine_handle<>);", "  int await_resume();", "};"]
    lines += [f"job unit_{number}_{i}(int n) {{ int a = co_await job(); a += n; co_await job(); n += a; }}"
              for i in range(20)]
    return "\n".join(lines) + "\n"
