// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lines and pieces: however the bytes are cut on their way, at the end of the stream, at the limit, when cancelled.
#include "on_each_backend.h"
#include "streams.h"
#include "virtual_time.h"
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/buffered_reader.h>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/unix_stream.h>
#include <coroscope/when_all.h>
#include <coroscope/with_timeout.h>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

/// Writes `bytes` in pieces of `size`, each after a while, so that each is read on its own; and the end.
task<> write_in_pieces(byte_stream &to, std::string_view bytes, std::size_t size) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size()))) {
    co_await to.write_all(bytes.substr(0, size));
    co_await sleep_for(1ms);
  }
  to.shutdown_write();
}

task<std::vector<std::string>> lines_of(buffered_reader &reader) {
  std::vector<std::string> lines;
  while (const auto line = co_await reader.read_line())
    lines.push_back(*line);
  co_return lines;
}

/// What it throws says this.
template <class Error, class T> task<> fails_with(task<T> work, std::string text) {
  std::string said = "nothing was thrown";
  try {
    co_await std::move(work);
  } catch (const Error &error) {
    said = error.what();
  }
  CHECK_THAT(said, Contains(text));
}

/// A reader of what `bytes` were written into a connection, and its end.
template <class Use> void with_bytes(std::string bytes, std::size_t limit, Use use) {
  run_in_virtual_time([](std::string sent, std::size_t most, Use &with) -> task<> {
    auto [writer, stream] = unix_stream::pair();
    co_await write_and_finish(writer, sent);
    buffered_reader reader(stream, most);
    co_await with(reader);
  }(std::move(bytes), limit, use));
}

} // namespace

TEST_CASE_METHOD(on_each_backend, "lines, pieces and the rest come out the same however the bytes were cut") {
  const std::string bytes = "first\r\nsecond\n\nHEAD\r\n\r\n12345tail\nand the rest";
  for (std::size_t size = 1; size <= bytes.size(); ++size)
    run_in_virtual_time([](std::string sent, std::size_t piece) -> task<> {
      auto [writer, stream] = unix_stream::pair();
      auto writing = spawn(write_in_pieces(writer, sent, piece));
      buffered_reader reader(stream);
      const auto first = co_await reader.read_line();
      CHECK(first == "first");
      const auto second = co_await reader.read_line();
      CHECK(second == "second");
      const auto empty = co_await reader.read_line();
      CHECK(empty == "");
      const std::string head = co_await reader.read_until("\r\n\r\n");
      CHECK(head == "HEAD\r\n\r\n");
      const std::string five = co_await reader.read_exactly(5);
      CHECK(five == "12345");
      std::array<char, 2> two{};
      std::size_t count = 0;
      while (count < 2)
        count += co_await reader.read_some(std::span(two).subspan(count));
      CHECK(std::string_view(two.data(), 2) == "ta");
      const auto tail = co_await reader.read_line();
      CHECK(tail == "il");
      const std::string rest = co_await reader.read_to_end();
      CHECK(rest == "and the rest");
      const auto over = co_await reader.read_line();
      CHECK(over == std::nullopt);
      co_await writing;
    }(bytes, size));
}

TEST_CASE_METHOD(on_each_backend, "the last line need not end, and an empty stream has none") {
  with_bytes("one\ntwo", 100, [](buffered_reader &reader) -> task<> {
    const auto lines = co_await lines_of(reader);
    CHECK(lines == std::vector<std::string>{"one", "two"});
  });
  with_bytes("one\n", 100, [](buffered_reader &reader) -> task<> {
    const auto lines = co_await lines_of(reader);
    CHECK(lines == std::vector<std::string>{"one"});
  });
  with_bytes("", 100, [](buffered_reader &reader) -> task<> {
    const auto lines = co_await lines_of(reader);
    CHECK(lines.empty());
    const std::string all = co_await reader.read_to_end();
    CHECK(all.empty());
    const std::string nothing = co_await reader.read_exactly(0);
    CHECK(nothing.empty());
  });
}

TEST_CASE_METHOD(on_each_backend, "a stream that ends too early says after how much, and what came can still be read") {
  with_bytes("12345", 100, [](buffered_reader &reader) -> task<> {
    co_await fails_with<unexpected_end>(reader.read_exactly(8), "after 5 of 8 bytes");
    co_await fails_with<unexpected_end>(reader.read_until("\n"), "after 5 bytes");
    CHECK(reader.buffered() == "12345");
    const std::string five = co_await reader.read_exactly(5);
    CHECK(five == "12345");
    co_await fails_with<unexpected_end>(reader.read_exactly(1), "after 0 of 1 byte");
  });
}

TEST_CASE_METHOD(on_each_backend, "what is longer than the limit is refused, and what is just as long is not") {
  with_bytes("1234567\n12345678\n", 8, [](buffered_reader &reader) -> task<> {
    const auto fits = co_await reader.read_line();
    CHECK(fits == "1234567");
    co_await fails_with<read_limit_exceeded>(reader.read_line(), "limit of 8 bytes");
    co_await fails_with<read_limit_exceeded>(reader.read_exactly(9), "a piece of 9 bytes");
    co_await fails_with<read_limit_exceeded>(reader.read_to_end(), "limit of 8 bytes");
    const std::string eight = co_await reader.read_exactly(8);
    CHECK(eight == "12345678");
    const auto rest = co_await reader.read_line();
    CHECK(rest == "");
  });
  with_bytes("12345678", 8, [](buffered_reader &reader) -> task<> {
    const std::string all = co_await reader.read_to_end();
    CHECK(all == "12345678");
  });
  with_bytes("x", 8, [](buffered_reader &reader) -> task<> {
    co_await fails_with<std::invalid_argument>(reader.read_until(""), "empty delimiter");
  });
}

TEST_CASE_METHOD(on_each_backend, "a long piece that comes in many parts is put together, and so is what follows it") {
  run_in_virtual_time([]() -> task<> {
    auto [writer, stream] = unix_stream::pair();
    const std::string sent = pattern(1'000'000);
    auto writing = spawn(write_and_finish(writer, sent + sent + "\n"));
    buffered_reader reader(stream, 2'000'001);
    const std::string first = co_await reader.read_exactly(sent.size());
    CHECK((first == sent));
    std::string second;
    while (second.size() < sent.size())
      second += co_await reader.read_until("\n");
    CHECK((second == sent + "\n"));
    co_await writing;
  }());
}

TEST_CASE_METHOD(on_each_backend, "a read that is cancelled has taken nothing") {
  run_in_virtual_time([]() -> task<> {
    auto [writer, stream] = unix_stream::pair();
    auto writing = spawn(write_in_pieces(writer, "slow\n", 1));
    buffered_reader reader(stream);
    co_await fails_with<timed_out>(with_timeout(2500us, reader.read_line()), "time was over");
    CHECK(reader.buffered() == "slo");
    const auto line = co_await reader.read_line();
    CHECK(line == "slow");
    co_await writing;
  }());
}
