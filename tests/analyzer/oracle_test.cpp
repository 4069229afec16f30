// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The compiler itself says how large each frame is: its optimisation record of the same command must agree.
#include "compiled.h"
#include "sources.h"

#include <catch2/catch.hpp>

#include <map>
#include <sstream>

namespace coroscope::tests {
namespace {

struct frame_facts {
  std::uint64_t size = 0;
  std::uint64_t align = 0;
  bool operator==(const frame_facts &) const = default;
};

std::ostream &operator<<(std::ostream &out, const frame_facts &facts) {
  return out << facts.size << " bytes, align " << facts.align;
}

/// The value of `- key: 'value'` in a line of the record.
std::optional<std::string> value_of(const std::string &line, const std::string &key) {
  const std::size_t at = line.find(key + ":");
  if (at == std::string::npos)
    return std::nullopt;
  std::string value = line.substr(at + key.size() + 1);
  std::erase_if(value, [](char letter) { return letter == ' ' || letter == '\'' || letter == '"'; });
  return value;
}

/// Symbol -> frame, from the YAML that clang writes for its coro-split pass.
std::map<std::string, frame_facts> record_of(const std::string &source, const std::string &level) {
  std::map<std::string, frame_facts> frames;
  std::istringstream lines(compiled(source, level).record);
  std::string symbol;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Function:"))
      symbol = *value_of(line, "Function");
    else if (const auto size = value_of(line, "frame_size"))
      frames[symbol].size = std::stoull(*size);
    else if (const auto align = value_of(line, "align"))
      frames[symbol].align = std::stoull(*align);
  }
  return frames;
}

bool is_lowered_although_unused(const report &report, const coroutine &coroutine) {
  for (const std::string &note : report.units.at(coroutine.units.front().value).notes)
    if (note.starts_with(coroutine.name + " is used by nothing"))
      return true;
  return false;
}

} // namespace

TEST_CASE("sizes and alignments are those of clang's own record", "[sources]") {
  const std::string source = GENERATE(from_range(all_sources()));
  const std::string level = GENERATE(as<std::string>(), "O0", "O2");
  const report &report = analyzed(source);
  const std::map<std::string, frame_facts> expected = record_of(source, level);
  INFO(source << " at " << level);
  std::size_t compared = 0;
  std::size_t left_out = 0; ///< by clang, which lowers only what is used
  for (const coroutine &coroutine : report.coroutines) {
    if (is_lowered_although_unused(report, coroutine)) {
      ++left_out;
      continue;
    }
    for (const level_lowering &lowering : coroutine.lowerings) {
      if (lowering.level != level)
        continue;
      INFO(coroutine.name << " " << lowering.symbol);
      REQUIRE(lowering.frame);
      REQUIRE(expected.contains(lowering.symbol));
      CHECK(frame_facts{lowering.frame->size, lowering.frame->align} == expected.at(lowering.symbol));
      ++compared;
    }
  }
  CHECK(compared + left_out == report.coroutines.size());
}

TEST_CASE("a frame that depends on the level is the one of a compilation at that level") {
  const report &report = analyzed("tests/golden/levels/frame_that_depends_on_the_level_is_parsed_at_each.cpp");
  REQUIRE(report.coroutines.size() == 1);
  const std::vector<level_lowering> &lowerings = report.coroutines.front().lowerings;
  REQUIRE(lowerings.size() == 2);
  CHECK(lowerings[0].frame->size >= lowerings[1].frame->size + 64);
}

} // namespace coroscope::tests
