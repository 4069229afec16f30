// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { duration, pointName, shortName, withoutScope } from "./names";

test.each([
  ["parent(std::string, int)", "parent"],
  ["net::detail::fetch(std::string_view)", "fetch"],
  ["task<int> net::fetch<std::vector<int>>(std::vector<int>) const", "fetch"],
  ["connection::read(std::span<std::byte, 18446744073709551615ul>) &&", "read"],
  ["main", "main"],
  ["main::(anonymous class)::operator()(int) const", "lambda"],
  ["main()::(lambda)::operator()<int, float>(int, float)", "lambda"],
  ["main()::$_0::operator()() const", "$_0"],
  ["loop::operator co_await()", "operator co_await"],
  ["(anonymous namespace)::work()", "work"],
  ["apply(void (*)(int), int)", "apply"],
])("the short name of %s is %s", (name, short) => {
  expect(shortName(name)).toBe(short);
});

test.each([
  [0, "0 ns"],
  [850, "850 ns"],
  [6000, "6.0 µs"],
  [87_000, "87 µs"],
  [426_000, "426 µs"],
  [1_856_000, "1.856 ms"],
  [20_070_000, "20.07 ms"],
  [2_410_000_000, "2.41 s"],
])("%i ns read %s", (ns, text) => {
  expect(duration(ns)).toBe(text);
});

test("hues beyond the third await take turns, and never that of the initial or the final point", () => {
  expect([0, 1, 2, 3, 4, 5].map((id) => pointName(id ? "await" : "initial", id).hue)).toEqual([0, 1, 2, 3, 1, 2]);
  expect(pointName("final", 9)).toEqual({ label: "F", hue: 4 });
});

test.each([
  ["net::session<a::b>::read(a::c)", "read(a::c)"],
  ["a::b::operator()<c::d>(c::d)", "operator()<c::d>(c::d)"],
  ["read()", "read()"],
])("%s without its scope is %s", (name, plain) => expect(withoutScope(name)).toBe(plain));
