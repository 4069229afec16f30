// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the reader makes of bytes: of those that docs/trace-format.md describes, written here by hand, and of any
// others.
#include "event_text.h"
#include "run_program.h"
#include "trace/format.h"
#include "trace/growing_recording.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <random>

using namespace coroscope;
using namespace coroscope::test;
using namespace coroscope::trace::format;

namespace {

using bytes = std::vector<std::byte>;

void append(bytes &to, const void *from, std::size_t size) {
  const auto *first = static_cast<const std::byte *>(from);
  to.insert(to.end(), first, first + size);
}

/// A file with a header whose clock counts nanoseconds from 1000.
bytes make_header(std::string_view kinds = "2 suspended n\n20 timer_armed uu\n25 awaits p\n31 of_the_future du\n") {
  file_header header{file_magic,
                     file_version,
                     4096,
                     7,
                     clock_kind::monotonic,
                     0,
                     run_state::ended,
                     0,
                     {1000, 1000},
                     {9000, 9000},
                     3,
                     0,
                     0,
                     static_cast<std::uint32_t>(kinds.size()),
                     0,
                     0,
                     0,
                     0,
                     0};
  bytes file;
  append(file, &header, sizeof header);
  append(file, kinds.data(), kinds.size());
  file.resize(4096);
  return file;
}

void add_block(bytes &file, block_kind kind, std::uint32_t owner, std::string_view payload,
               std::uint64_t start = 2000) {
  block_header block{block_magic,        kind, 4096,   payload.size(), {start, start}, owner, 100 + owner, {},
                     file.size() / 4096, 0,    no_slot};
  std::memcpy(block.name.data(), "worker", 6);
  const std::size_t begin = file.size();
  append(file, &block, sizeof block);
  append(file, payload.data(), payload.size());
  file.resize(begin + 4096);
}

std::string_view text(const char *from, std::size_t size) { return {from, size}; }
#define BYTES(literal) text(literal, sizeof(literal) - 1)

trace::recorded_run read(const bytes &file) {
  auto run = trace::read_recording(std::span(file));
  REQUIRE(run.has_value());
  return *std::move(run);
}

trace::read_error error_of(const bytes &file) {
  auto run = trace::read_recording(std::span(file));
  REQUIRE_FALSE(run.has_value());
  return run.error();
}

bytes recorded_bytes(const std::string &what, const std::string &count) {
  const std::string file = fresh_file("corotrace");
  run_program({RECORDED_PROGRAM, what, count}, file);
  std::ifstream stream(file, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(stream), {}};
  bytes result;
  append(result, all.data(), all.size());
  return result;
}

/// Where the block ends that begins at `offset`.
std::size_t next_block(const bytes &file, std::size_t offset) {
  block_header block;
  std::memcpy(&block, file.data() + offset, sizeof block);
  return offset + block.capacity;
}

/// What the events of each thread are; times change a little as more clock records come.
std::map<std::uint32_t, std::string> texts_by_thread(const std::vector<trace::recorded_event> &events) {
  std::map<std::uint32_t, std::string> texts;
  for (const trace::recorded_event &event : events)
    texts[event.thread] += std::to_string(static_cast<unsigned>(event.kind)) + " " +
                           std::to_string(event.frame.value_or(UINT32_MAX)) + " " +
                           std::to_string(event.point.value_or(UINT32_MAX)) + " " + std::to_string(event.a) + " " +
                           std::to_string(event.b) + "\n";
  return texts;
}

/// What must hold whatever the bytes are.
bool is_sane(const bytes &file) {
  const auto run = trace::read_recording(std::span(file));
  if (!run)
    return !run.error().reason.empty() && run.error().offset <= file.size();
  const auto in = [](const std::optional<std::uint32_t> &index, const auto &all) {
    return !index || *index < all.size();
  };
  return run->events.size() <= file.size() && run->problems.size() <= 101 &&
         std::ranges::is_sorted(run->events, {}, &trace::recorded_event::time) &&
         std::ranges::all_of(run->events,
                             [&](const trace::recorded_event &event) {
                               return event.thread < run->threads.size() && in(event.frame, run->frames) &&
                                      in(event.target, run->frames) && !run->kind_name(event).empty();
                             }) &&
         std::ranges::all_of(run->frames,
                             [&](const trace::recorded_frame &frame) { return in(frame.coroutine, run->coroutines); });
}

} // namespace

TEST_CASE("each form of an event is read as the format says") {
  bytes file = make_header();
  add_block(
      file, block_kind::events, 1,
      BYTES("\x82\x05\x80\x02\x00\x03" // suspended, 5 ns, literal 0x400, coroutine as at first: not known, point 3
            "\xc2\x81\x01\x04"         // suspended, 129 ns, same frame, point 4
            "\xb9\x20\x01\x00\x07"     // awaits, no time, literal 0x480, coroutine 0 of no unit, address 4 less
            "\x42\x01\x8d\x05"         // suspended, slot of 0x400
            "\x14\x01\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" // timer_armed 10, 2^64-1
            "\x1f\x00\x03\x61\x62\x63\x09"));                      // of_the_future "abc" 9
  REQUIRE(slot_of(0x400) == 0x8d);
  const trace::recorded_run run = read(file);
  CHECK(run.problems.empty());
  REQUIRE(run.events.size() == 6);
  CHECK(run.events[0] == trace::recorded_event{1005, 0, 0, 0, {}, 3, 0, trace::event_kind::suspended});
  CHECK(run.events[1] == trace::recorded_event{1134, 0, 0, 0, {}, 4, 0, trace::event_kind::suspended});
  CHECK(run.events[2] == trace::recorded_event{1134, 0x47c, 0, 1, {}, {}, 0, trace::event_kind::awaits});
  CHECK(run.events[3] == trace::recorded_event{1135, 0, 0, 0, {}, 5, 0, trace::event_kind::suspended});
  CHECK(run.events[4] == trace::recorded_event{1136, 10, UINT64_MAX, {}, {}, {}, 0, trace::event_kind::timer_armed});
  CHECK(run.kind_name(run.events[5]) == "of_the_future");
  CHECK(run.events[5].a == 9);
  CHECK(run.frames[0].address == 0x400);
  CHECK(run.frames[1].address == 0x480);
  CHECK(run.threads == std::vector<trace::recorded_thread>{{101, "worker"}});
}

TEST_CASE("events of several threads are merged by time") {
  bytes file = make_header();
  add_block(file, block_kind::events, 1, BYTES("\x14\x01\x01\x00\x14\x0a\x03\x00"), 2000);
  add_block(file, block_kind::events, 2, BYTES("\x14\x05\x02\x00\x14\x0a\x04\x00"), 2000);
  const trace::recorded_run run = read(file);
  REQUIRE(run.events.size() == 4);
  for (std::uint64_t i = 0; i < 4; ++i)
    CHECK(run.events[i].a == i + 1);
}

TEST_CASE("copies of a coroutine in several units are one, other layouts are not") {
  bytes file = make_header();
  constexpr std::string_view one = R"({"coroutines":[{"mangled":"f","file":"a.h","layout_hash":"1"}]})";
  add_block(file, block_kind::table, 1, one);
  add_block(file, block_kind::table, 2, one);
  add_block(file, block_kind::table, 3, R"({"coroutines":[{"mangled":"f","file":"a.h","layout_hash":"2"}]})");
  add_block(
      file, block_kind::events, 1,
      BYTES("\x82\x00\x80\x02\x02\x00\x00\x82\x00\x20\x03\x00\x00\x82\x00\x20\x04\x00\x00\x82\x00\x20\x0a\x00\x00"));
  const trace::recorded_run run = read(file);
  CHECK(run.coroutines.size() == 2);
  REQUIRE(run.frames.size() == 4);
  CHECK(run.frames[0].coroutine == 0);
  CHECK(run.frames[1].coroutine == 0);
  CHECK(run.frames[2].coroutine == 1);
  CHECK_FALSE(run.frames[3].coroutine);
}

TEST_CASE("a block that was never filled and a block of another kind are stepped over") {
  bytes file = make_header();
  file.resize(file.size() + 4096);
  add_block(file, static_cast<block_kind>(77), 1, "what a later version writes");
  add_block(file, block_kind::events, 1, BYTES("\x14\x01\x01\x00"));
  const trace::recorded_run run = read(file);
  CHECK(run.problems.empty());
  CHECK(run.events.size() == 1);
}

TEST_CASE("damage inside is named with its place, and the rest is read") {
  bytes file = make_header();
  add_block(file, block_kind::events, 1, BYTES("\x14\x01\x01\x00\x1d\x00"));
  add_block(file, block_kind::table, 1, "{\"coroutines\":[");
  file.resize(file.size() + 4096, std::byte{0x55});
  add_block(file, block_kind::events, 2, BYTES("\x14\x01\x01\x00"));
  const trace::recorded_run run = read(file);
  CHECK(run.events.size() == 2);
  REQUIRE(run.problems.size() == 3);
  CHECK(run.problems[0] == "byte 4180: an event of a kind that the file does not declare");
  CHECK(run.problems[1] == "byte 8192: the table of a unit's coroutines cannot be read");
  CHECK(run.problems[2] == "byte 12288: no block begins here, where one should");
}

TEST_CASE("what is no recording is an error that says so") {
  CHECK(error_of({}).reason == "the file is too short to be a recording");
  bytes other(8192, std::byte{'x'});
  CHECK(error_of(other).reason == "this is not a recording: it does not begin with \"corotrc\"");
  bytes later = make_header();
  later[8] = std::byte{4};
  CHECK(error_of(later).offset == 8);
  CHECK(error_of(later).reason.find("format version 4") != std::string::npos);
  const auto missing = trace::read_recording(std::filesystem::path("/nowhere/x.corotrace"));
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().reason == "cannot read /nowhere/x.corotrace: No such file or directory");
}

TEST_CASE("a recording that is cut off anywhere is read up to there") {
  const bytes whole = recorded_bytes("each", "0");
  const std::size_t events = read(whole).events.size();
  std::size_t before = 0;
  for (std::size_t size = 0; size <= whole.size(); size += 13) {
    const bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    REQUIRE(is_sane(part));
    if (const auto run = trace::read_recording(std::span(part))) {
      CHECK(run->events.size() >= before);
      before = run->events.size();
    }
  }
  CHECK(before <= events);
}

TEST_CASE("a recording that is read as it grows tells what it tells when it is whole") {
  for (const auto &[what, count] : {std::pair("many", "20000"), {"threads", "3000"}, {"frames", "0"}, {"each", "0"}}) {
    INFO(what);
    const bytes whole = recorded_bytes(what, count);
    const trace::recorded_run expected = read(whole);
    const std::string file = fresh_file("growing");
    trace::growing_recording growing(file);
    std::vector<trace::recorded_event> events;
    const auto read_on = [&](bool is_last) {
      const auto run = growing.read_on(is_last);
      REQUIRE(run.has_value());
      for (trace::recorded_event event : (*run)->events) {
        if (event.bytes)
          CHECK((*run)->bytes.at(*event.bytes) == expected.bytes.at(*expected.events.at(events.size()).bytes));
        events.push_back(event);
      }
      return *run;
    };
    CHECK_FALSE(growing.read_on(false).has_value());
    for (std::size_t size = 4096; size < whole.size(); size = next_block(whole, size)) {
      std::ofstream(file, std::ios::binary | std::ios::trunc)
          .write(reinterpret_cast<const char *>(whole.data()), static_cast<std::streamsize>(size));
      read_on(false);
    }
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char *>(whole.data()), static_cast<std::streamsize>(whole.size()));
    const trace::recorded_run &last = *read_on(true);
    CHECK(last.frames == expected.frames);
    CHECK(last.coroutines == expected.coroutines);
    CHECK(last.threads == expected.threads);
    CHECK(last.command == expected.command);
    CHECK(last.problems == expected.problems);
    CHECK(last.exit_status == expected.exit_status);
    CHECK(texts_by_thread(events) == texts_by_thread(expected.events));
  }
}

TEST_CASE("a growing file that is another program's by now is an error, and so is one that is no recording") {
  const std::string file = fresh_file("growing");
  bytes first = make_header();
  const auto write = [&](const bytes &all) {
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char *>(all.data()), static_cast<std::streamsize>(all.size()));
  };
  write(first);
  trace::growing_recording growing(file);
  CHECK(growing.read_on(false).has_value());
  first[16] = std::byte{8}; // the process
  write(first);
  REQUIRE_FALSE(growing.read_on(false).has_value());
  CHECK(growing.read_on(false).error().reason == "another program records into the file now");
  write(bytes(8192, std::byte{'x'}));
  CHECK_FALSE(growing.read_on(true).has_value());
}

TEST_CASE("no damage makes the reader of a growing recording crash, hang or invent") {
  std::mt19937 random(21); // NOLINT(bugprone-random-generator-seed): the same damage every time
  const bytes originals[] = {recorded_bytes("each", "0"), recorded_bytes("threads", "300")};
  const auto below = [&](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
  };
  const std::string name = fresh_file("growing");
  for (int round = 0; round < 300; ++round) {
    bytes file = originals[below(std::size(originals))];
    for (std::size_t changes = 1 + below(12); changes > 0; --changes) {
      const std::size_t unit = below(file.size() / 4096) * 4096;
      file[below(2) == 0 ? unit + below(128) : below(file.size())] = static_cast<std::byte>(below(256));
    }
    std::ofstream(name, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char *>(file.data()), static_cast<std::streamsize>(file.size()));
    trace::growing_recording growing(name);
    for (const bool is_last : {false, false, true})
      if (const auto run = growing.read_on(is_last))
        REQUIRE((*run)->events.size() <= file.size());
  }
}

TEST_CASE("each byte that is changed, and each byte that is missing, leaves a sane run or an error with its place") {
  const bytes whole = recorded_bytes("each", "0");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    bytes file = whole;
    for (const unsigned change : {0xffu, 0x01u, 0x80u}) {
      file[at] = whole[at] ^ static_cast<std::byte>(change);
      if (!is_sane(file))
        FAIL("byte " << at << " xor " << change);
    }
    file.resize(at);
    if (!is_sane(file))
      FAIL("cut at byte " << at);
  }
}

TEST_CASE("no damage makes the reader crash, hang or invent") {
  std::mt19937 random(20); // NOLINT(bugprone-random-generator-seed): the same damage every time
  const bytes originals[] = {recorded_bytes("each", "0"), recorded_bytes("threads", "300"),
                             recorded_bytes("many", "1500")};
  const auto below = [&](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
  };
  constexpr unsigned char telling[] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0x0f, 0x3f, 0xc0};
  for (int round = 0; round < 4000; ++round) {
    bytes file = originals[below(std::size(originals))];
    for (std::size_t changes = 1 + below(12); changes > 0; --changes) {
      // Half of the changes hit the header of the file or of a block, where there is most to break.
      const std::size_t unit = below(file.size() / 4096) * 4096;
      const std::size_t at = below(2) == 0 ? unit + below(128) : below(file.size());
      file[at] = static_cast<std::byte>(below(2) == 0 ? telling[below(std::size(telling))] : below(256));
    }
    if (below(8) == 0)
      file.resize(below(file.size()));
    REQUIRE(is_sane(file));
  }
}

TEST_CASE("what is no regular file, or a foreign one of any size, is refused at once") {
  const auto endless = trace::read_recording(std::filesystem::path("/dev/zero"));
  REQUIRE_FALSE(endless.has_value());
  CHECK(endless.error().reason == "it is no regular file");
  const std::string large = fresh_file("foreign");
  std::ofstream(large) << "not a recording";
  std::filesystem::resize_file(large, std::uintmax_t{1} << 40);
  const auto foreign = trace::read_recording(std::filesystem::path(large));
  REQUIRE_FALSE(foreign.has_value());
  CHECK(foreign.error().offset == 0);
}
