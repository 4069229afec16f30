// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mutate_source.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string_view>
#include <vector>

namespace coroscope::fuzz {
namespace {

constexpr std::string_view statements[] = {
    "co_await later{};",
    "use(co_await later{});",
    "int fresh = co_await later{};",
    "use(&fresh);",
    "co_return;",
    "co_yield 1;",
    "if (co_await later{}) {",
    "while (co_await later{}) {",
    "for (int i = 0; i < 3; ++i) {",
    "try {",
    "} catch (int thrown) { use(thrown); }",
    "} catch (...) {}",
    "}",
    "{",
    "char large[300] = {}; use(large);",
    "alignas(128) int aligned = 0; use(&aligned);",
    "auto closure = [&]() -> fire { co_await later{}; }; closure();",
    "auto generic = [](auto... all) -> fire { (co_await all, ...); }; generic(later{});",
    "struct guard { ~guard(); int n; } guarded; use(&guarded);",
    "auto [first, second] = pair_of(); use(first);",
    "asm volatile(\"\");",
    "goto out;",
    "out:;",
    "throw 1;",
    "static int kept = 0; use(++kept);",
    "int sized[n]; use(sized);",
    "use(__builtin_alloca(n));",
    "[[clang::coro_await_elidable]]",
    "#define AGAIN co_await later{} + co_await later{}",
    "use(AGAIN);",
    "#line 7 \"elsewhere.h\"",
    "template <class T>",
    "struct pair { int a; long b; }; pair pair_of();",
    "const volatile long odd = 3; use(int(odd));",
    "__int128 wide = 1; use(&wide);",
    "int &&bound = co_await later{}; use(&bound);"};

constexpr std::string_view words[] = {"co_await",
                                      "co_yield",
                                      "co_return",
                                      "later{}",
                                      "const",
                                      "volatile",
                                      "static",
                                      "&",
                                      "&&",
                                      "*",
                                      "(",
                                      ")",
                                      "{",
                                      "}",
                                      ";",
                                      ",",
                                      "[&]",
                                      "[=]",
                                      "[this]",
                                      "auto",
                                      "int",
                                      "long",
                                      "char",
                                      "double",
                                      "0",
                                      "1",
                                      "-1",
                                      "4096",
                                      "nullptr",
                                      "this",
                                      "noexcept",
                                      "virtual",
                                      "inline",
                                      "?",
                                      ":",
                                      "&&",
                                      "||",
                                      "+",
                                      "=",
                                      "==",
                                      "alignas(1)",
                                      "decltype",
                                      "sizeof",
                                      "throw",
                                      "try",
                                      "if",
                                      "while",
                                      "switch",
                                      "case 1:",
                                      "default:",
                                      "break;",
                                      "continue;",
                                      "fire",
                                      "use",
                                      "...",
                                      "<",
                                      ">",
                                      "::",
                                      ".",
                                      "->",
                                      "std::suspend_always",
                                      "std::coroutine_handle<>",
                                      "yields<int>",
                                      "requires true",
                                      "constexpr",
                                      "mutable",
                                      "union"};

std::size_t below(std::size_t limit, std::minstd_rand &random) {
  return limit < 2 ? 0 : std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

template <class Range> auto any_of(const Range &range, std::minstd_rand &random) {
  return range[below(std::size(range), random)];
}

std::vector<std::string> lines_of(const std::string &text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// Words, numbers and single signs, each with the space before it.
std::vector<std::string> tokens_of(const std::string &text) {
  std::vector<std::string> tokens;
  const auto is_word = [](char letter) { return std::isalnum(static_cast<unsigned char>(letter)) || letter == '_'; };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && std::isspace(static_cast<unsigned char>(text[end])))
      ++end;
    if (end < text.size() && !is_word(text[end]))
      ++end;
    else
      while (end < text.size() && is_word(text[end]))
        ++end;
    tokens.push_back(text.substr(at, end - at));
    at = end;
  }
  return tokens;
}

std::string joined(const std::vector<std::string> &parts, std::string_view between) {
  std::string text;
  for (const std::string &part : parts)
    text.append(part).append(between);
  return text;
}

using parts = std::vector<std::string>;

parts::iterator place_in(parts &all, std::minstd_rand &random) {
  return all.begin() + static_cast<std::ptrdiff_t>(below(all.size(), random));
}

/// Drops, doubles, moves or swaps some of `all`, or puts in one of `fresh`.
void change(parts &all, const auto &fresh, std::minstd_rand &random) {
  if (all.empty()) {
    all.emplace_back(any_of(fresh, random));
    return;
  }
  const auto first = place_in(all, random);
  const auto last =
      first + static_cast<std::ptrdiff_t>(
                  1 + below(std::min<std::size_t>(4, static_cast<std::size_t>(all.end() - first)), random));
  switch (below(8, random)) {
  case 0:
    all.erase(first, last);
    break;
  case 1: {
    const parts copy(first, last);
    all.insert(place_in(all, random), copy.begin(), copy.end());
    break;
  }
  case 2:
    std::iter_swap(first, place_in(all, random));
    break;
  case 3:
    *first = " " + std::string(any_of(fresh, random));
    break;
  default:
    all.insert(first, " " + std::string(any_of(fresh, random)));
  }
}

} // namespace

std::string mutate(const std::string &source, std::minstd_rand &random) {
  std::string text = source;
  for (std::size_t times = 1 + below(3, random); times > 0; --times) {
    if (below(4, random) != 0) {
      parts lines = lines_of(text);
      change(lines, statements, random);
      text = joined(lines, "\n");
    } else {
      parts tokens = tokens_of(text);
      change(tokens, words, random);
      text = joined(tokens, "");
    }
  }
  return text;
}

std::string cross(const std::string &one, const std::string &other, std::minstd_rand &random) {
  parts lines = lines_of(one);
  parts others = lines_of(other);
  if (lines.empty() || others.empty())
    return one + other;
  const auto first = place_in(others, random);
  const auto count = static_cast<std::ptrdiff_t>(1 + below(static_cast<std::size_t>(others.end() - first), random));
  lines.insert(place_in(lines, random), first, first + count);
  return joined(lines, "\n");
}

} // namespace coroscope::fuzz
