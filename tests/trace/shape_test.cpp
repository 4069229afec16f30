// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bytes and shapes as text: what the programs cannot show because the compiler makes no such table.
#include "trace/shape.h"

#include <catch2/catch.hpp>
#include <cstring>

using namespace coroscope::trace;

namespace {

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> all;
  for (const int value : values)
    all.push_back(static_cast<std::byte>(value));
  return all;
}

std::string text(const std::vector<recorded_shape> &shapes, const std::vector<std::byte> &data) {
  return value_text(shapes, 0, data, 0x1000);
}

recorded_shape number(shape_kind kind, std::uint64_t size) { return {.kind = kind, .name = "n", .size = size}; }

} // namespace

TEST_CASE("numbers have the sign and width of their type") {
  CHECK(text({number(shape_kind::signed_integer, 1)}, bytes({0xff})) == "-1");
  CHECK(text({number(shape_kind::unsigned_integer, 1)}, bytes({0xff})) == "255");
  CHECK(text({number(shape_kind::signed_integer, 2)}, bytes({0, 0x80})) == "-32768");
  CHECK(text({number(shape_kind::unsigned_integer, 8)}, bytes({1, 0, 0, 0, 0, 0, 0, 0x80})) == "9223372036854775809");
  CHECK(text({number(shape_kind::signed_integer, 16)}, std::vector<std::byte>(16, std::byte{0xff})) == "-1");
  CHECK(text({number(shape_kind::unsigned_integer, 16)}, bytes({0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0})) ==
        "18446744073709551616");
  CHECK(text({number(shape_kind::boolean, 1)}, bytes({2})) == "true (0x2)");
  CHECK(text({number(shape_kind::pointer, 8)}, bytes({0x34, 0x12, 0, 0, 0, 0, 0, 0})) == "0x1234");
}

TEST_CASE("a string that does not fit in itself is told by its length and place") {
  const std::vector<recorded_shape> shapes = {{.kind = shape_kind::string, .name = "s", .size = 32}};
  std::vector<std::byte> data(32);
  const std::uint64_t words[] = {0x5000, 40};
  std::memcpy(data.data(), words, sizeof words);
  CHECK(text(shapes, data) == "40 characters at 0x5000");
  const std::uint64_t inside[] = {0x1010, 2};
  std::memcpy(data.data(), inside, sizeof inside);
  data[16] = std::byte{'h'};
  data[17] = std::byte{'i'};
  CHECK(text(shapes, data) == "\"hi\"");
}

TEST_CASE("text in UTF-8 is shown as it is, and bytes that are none by their numbers") {
  const std::vector<recorded_shape> shapes = {
      {.kind = shape_kind::array, .name = "a", .size = 8, .element = 1, .count = 8}, number(shape_kind::character, 1)};
  CHECK(text(shapes, bytes({0xc3, 0xa9, 0xe2, 0x82, 0xac, 'x', 0, 0})) == "\"é€x\"");
  CHECK(text(shapes, bytes({0xf0, 0x9f, 0x99, 0x82, 0, 0, 0, 0})) == "\"🙂\"");
  CHECK(text(shapes, bytes({0xc3, 'x', 0xed, 0xa0, 0x80, 0xc2, 0x80, 0})) == "\"\\xc3x\\xed\\xa0\\x80\\xc2\\x80\"");
  CHECK(text(shapes, bytes({'a', 0xe2, 0x82, 0, 0, 0, 0, 0})) == "\"a\\xe2\\x82\"");
}

TEST_CASE("a handle is told by the coroutine that it is of, a pointer by what it points to") {
  const std::vector<recorded_shape> shapes = {{.kind = shape_kind::record,
                                               .name = "r",
                                               .size = 24,
                                               .members = {{.name = "h", .offset = 0, .shape = 1},
                                                           {.name = "p", .offset = 8, .shape = 2},
                                                           {.name = "q", .offset = 16, .shape = 2}}},
                                              number(shape_kind::coroutine_handle, 8),
                                              {.kind = shape_kind::pointer, .name = "n *", .size = 8, .element = 3},
                                              number(shape_kind::signed_integer, 4)};
  const auto value = [&](std::uint64_t handle, std::uint64_t pointer, std::uint64_t other) {
    std::vector<std::byte> data(24);
    const std::uint64_t words[] = {handle, pointer, other};
    std::memcpy(data.data(), words, sizeof words);
    const surroundings around{
        .memory = {{0x2000, bytes({1, 0, 0, 0, 7, 0, 0, 0, 9})}},
        .coroutine_at = [](std::uint64_t address) { return address == 0x50 ? "fetch#3" : ""; },
        .place_at = [](std::uint64_t address) { return address == 0x2004 ? "&total of main#1" : ""; }};
    return value_text(shapes, 0, data, 0x1000, around);
  };
  CHECK(value(0x50, 0x2000, 0x2004) == "{h = → fetch#3, p = 0x2000 → 1, q = &total of main#1 → 7}");
  CHECK(value(0x60, 0x3000, 0x2008) == "{h = 0x60 (no recorded frame), p = 0x3000, q = 0x2008}");
  CHECK(value(0, 0, 0x1fff) == "{h = nullptr, p = nullptr, q = 0x1fff}");
}

TEST_CASE("a pointer to itself ends") {
  const std::vector<recorded_shape> shapes = {{.kind = shape_kind::pointer, .name = "p", .size = 8, .element = 0}};
  std::vector<std::byte> data(8);
  data[1] = std::byte{0x10};
  const surroundings around{.memory = {{0x1000, data}}, .coroutine_at = {}, .place_at = {}};
  CHECK(value_text(shapes, 0, data, 0x1000, around).size() < 200);
}

TEST_CASE("text is cut where it would be long") {
  const std::vector<recorded_shape> shapes = {
      {.kind = shape_kind::array, .name = "n[1000]", .size = 1000, .element = 1, .count = 1000},
      number(shape_kind::signed_integer, 1)};
  const std::string all = text(shapes, std::vector<std::byte>(1000));
  CHECK(all.size() < 260);
  CHECK(all.ends_with(", …]"));
}

TEST_CASE("shapes that make no sense give a text and no harm") {
  CHECK(text({}, bytes({1})) == "?");
  CHECK(text({number(shape_kind::signed_integer, 8)}, bytes({1})) == "(8 bytes)");
  CHECK(text({{.kind = shape_kind::array, .size = 4, .element = 9}}, bytes({1, 2, 3, 4})) == "(4 bytes)");
  CHECK(text({{.kind = shape_kind::optional, .size = 1, .element = 9}}, bytes({1})) == "?");
  CHECK(text({{.kind = shape_kind::record, .size = 1, .members = {{.name = "x", .offset = 9, .shape = 0}}}},
             bytes({1})) == "{x = ?}");
  recorded_shape endless{.kind = shape_kind::record, .size = 1};
  for (int i = 0; i < 100; ++i)
    endless.members.push_back({.name = i % 2 ? "m" : "", .shape = 0});
  CHECK(text({endless}, bytes({1})).size() < 2000);
}

TEST_CASE("characters of 2 and 4 bytes are shown as UTF-8, halves of a pair and what is none as U+FFFD") {
  const std::vector<recorded_shape> letters = {
      {.kind = shape_kind::array, .name = "a", .size = 8, .element = 1, .count = 4}, number(shape_kind::character, 2)};
  CHECK(text(letters, bytes({0x3d, 0xd8, 0x42, 0xde, 'x', 0, 0, 0})) == "\"🙂x\"");
  CHECK(text(letters, bytes({0x3d, 0xd8, 'x', 0, 0x42, 0xde, 'y', 0})) == "\"\xef\xbf\xbdx\xef\xbf\xbdy\"");
  CHECK(text({number(shape_kind::character, 4)}, bytes({0xac, 0x20, 0, 0})) == "'€'");
  CHECK(text({number(shape_kind::character, 4)}, bytes({0, 0, 0x11, 0})) == "'\xef\xbf\xbd'");
  CHECK(text({number(shape_kind::character, 2)}, bytes({'\'', 0})) == "'\\''");
}

TEST_CASE("a variant is told by the alternative that it holds") {
  const std::vector<recorded_shape> shapes = {
      {.kind = shape_kind::variant,
       .name = "v",
       .size = 8,
       .count = 4,
       .members = {{.name = "int", .offset = 0, .shape = 1}, {.name = "bool", .offset = 0, .shape = 2}}},
      number(shape_kind::signed_integer, 4),
      number(shape_kind::boolean, 1)};
  CHECK(text(shapes, bytes({1, 0, 0, 0, 0, 0, 0, 0})) == "int: 1");
  CHECK(text(shapes, bytes({1, 0, 0, 0, 1, 0, 0, 0})) == "bool: true");
  CHECK(text(shapes, bytes({1, 0, 0, 0, 255, 0, 0, 0})) == "valueless");
}
