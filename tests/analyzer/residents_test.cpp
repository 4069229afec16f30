// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every byte of every frame has a meaning and a reason, in words of the source; where -O0 describes the frame in debug
// info, it is the same frame.
#include "compiled.h"
#include "sources.h"

#include <catch2/catch.hpp>

#include <map>
#include <sstream>

namespace coroscope::tests {
namespace {

/// The names under which something of unknown origin hides.
bool says_nothing(const std::string &name) {
  return name.empty() || name == "temporary" || name == "intermediate value" || name == "spill" ||
         name == "whether a clean-up is due" || name.starts_with("slot that no code uses");
}

/// Whether it is written as LLVM writes values and types, or by a name that LLVM made up.
bool is_ir_text(const std::string &text) {
  constexpr std::string_view marks[] = {"%\"",     "%class", "%struct",      "__coro_frame",
                                        "fmuladd", ".with.", "-byte integer"};
  return text.starts_with("0 - ") ||
         std::ranges::any_of(marks, [&](std::string_view mark) { return text.contains(mark); });
}

/// Whether the type is LLVM's and not the source's; what the optimiser counts by has no other.
bool is_ir_type(const resident &resident) {
  const std::string type = resident.type.value_or("");
  return (type == "pointer" || type.contains("function") || is_ir_text(type) || type.starts_with("{") ||
          type.starts_with("[")) &&
         !resident.name.starts_with("offset of ") && !resident.name.starts_with("counter from ");
}

void check_members(const std::vector<member> &members, std::uint64_t size) {
  for (const member &member : members) {
    INFO(member.name << " at " << member.offset);
    CHECK_FALSE(member.name.empty());
    CHECK(member.offset + member.size <= size);
    check_members(member.members, member.size);
  }
}

void check_fields(const std::vector<field> &fields, std::uint64_t size);

void check_resident(const resident &resident, const field &field) {
  INFO(resident.name << " at " << field.offset);
  CHECK_FALSE((says_nothing(resident.name) && !resident.expression));
  CHECK_FALSE(is_ir_text(resident.name));
  INFO(resident.type.value_or(""));
  CHECK_FALSE(is_ir_type(resident));
  for (const inlined_call &call : resident.inlined)
    CHECK_FALSE(call.function.empty());
  check_members(resident.members, field.size);
  CHECK(resident.frame_of.has_value() == !resident.fields.empty());
  if (!resident.fields.empty())
    check_fields(resident.fields, resident.fields.back().offset + resident.fields.back().size);
}

void check_fields(const std::vector<field> &fields, std::uint64_t size) {
  std::uint64_t reached = 0;
  for (const field &field : fields) {
    CHECK(field.kind != field_kind::unknown);
    CHECK(field.offset == reached);
    reached += field.size;
    const bool has_none = field.kind == field_kind::resume_fn || field.kind == field_kind::destroy_fn ||
                          field.kind == field_kind::resume_index || field.kind == field_kind::padding;
    CHECK(field.residents.empty() == has_none);
    for (const resident &resident : field.residents)
      check_resident(resident, field);
  }
  CHECK(reached == size);
}

/// The reasons of an elided frame are those of the slot that it lies in.
void check_reasons(const level_lowering &lowering) {
  for (const field &field : lowering.frame->fields)
    for (const resident &resident : field.residents) {
      INFO(resident.name << " at " << field.offset);
      if (resident.kind != field_kind::promise || !lowering.points.empty())
        CHECK_FALSE(resident.reasons.empty());
      for (const why &why : resident.reasons) {
        CHECK(why.across.empty() == (why.reason == keep_reason::unproven));
        CHECK((why.reason != keep_reason::unproven || why.definition || why.use));
      }
    }
}

/// What is in the frame is not said to be absent as well.
void check_absent(const level_lowering &lowering) {
  for (const absent_variable &variable : lowering.absent)
    for (const field &field : lowering.frame->fields)
      for (const resident &resident : field.residents) {
        INFO(variable.name << " and " << resident.name << " at " << field.offset);
        const std::string name = resident.name.substr(0, resident.name.find(" (bytes "));
        CHECK_FALSE((name == variable.name && variable.where && resident.where == variable.where));
      }
}

void check_report(const report &report) {
  for (const coroutine &coroutine : report.coroutines) {
    INFO(coroutine.name);
    check_members(coroutine.promise.members, coroutine.promise.size);
    for (const level_lowering &lowering : coroutine.lowerings)
      if (lowering.frame) {
        INFO(lowering.level);
        check_fields(lowering.frame->fields, lowering.frame->size);
        check_reasons(lowering);
        check_absent(lowering);
      }
  }
}

/// Offset -> name, of the members of the type that CoroSplit describes the frame with.
using described_frame = std::map<std::uint64_t, std::string>;

/// The text between `before` and `after`, if the line has both.
std::optional<std::string> between(const std::string &line, const std::string &before, const std::string &after) {
  const std::size_t begin = line.find(before);
  const std::size_t end = begin == std::string::npos ? begin : line.find(after, begin + before.size());
  if (end == std::string::npos)
    return std::nullopt;
  return line.substr(begin + before.size(), end - begin - before.size());
}

/// The depth of an entry in what llvm-dwarfdump prints: "0x00005aa4:     DW_TAG_member".
std::size_t depth_of(const std::string &line) { return line.find("DW_TAG") - line.find(':'); }

/// By symbol, as a compilation with -O0 -g describes them.
std::map<std::string, described_frame> described_frames(const std::string &source) {
  std::istringstream lines(compiled(source, "O0").debug_info);
  std::map<std::string, described_frame> frames;
  described_frame *frame = nullptr;
  std::size_t depth = 0;
  std::size_t entry = 0;
  std::string name;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("DW_TAG") != std::string::npos && line.starts_with("0x")) {
      entry = depth_of(line);
      name.clear();
      if (frame && entry <= depth)
        frame = nullptr;
    } else if (const auto text = between(line, "DW_AT_name\t(\"", "\")")) {
      name = *text;
      if (name.ends_with(".coro_frame_ty")) {
        frame = &frames[name.substr(0, name.rfind('.'))];
        depth = entry;
      }
    } else if (const auto offset = between(line, "DW_AT_data_member_location\t(", ")");
               offset && frame && entry == depth + 2) {
      frame->emplace(std::stoull(*offset, nullptr, 16), name);
    }
  }
  return frames;
}

/// A name of LLVM's own making has a number behind an underscore; a variable's name is the variable's.
void check_name(const field &field, const std::string &described) {
  INFO(described << " at " << field.offset);
  if (described == "__resume_fn")
    CHECK(field.kind == field_kind::resume_fn);
  else if (described == "__destroy_fn")
    CHECK(field.kind == field_kind::destroy_fn);
  else if (described == "__promise")
    CHECK(field.kind == field_kind::promise);
  else if (described == "__coro_index")
    CHECK(field.kind == field_kind::resume_index);
  else if (field.residents.size() == 1 && (field.kind == field_kind::local || field.kind == field_kind::param_copy) &&
           described.find_first_of("0123456789") == std::string::npos)
    CHECK(field.residents.front().name.find(described) != std::string::npos);
}

} // namespace

TEST_CASE("every byte of every frame has a meaning and a reason at every level", "[sources]") {
  const std::string source = GENERATE(from_range(all_sources()));
  INFO(source);
  check_report(analyzed(source));
  check_report(analyzed_at_the_other_levels(source));
}

TEST_CASE("at -O0 the fields are those of the frame type in debug info", "[sources]") {
  const std::string source = GENERATE(from_range(all_sources()));
  INFO(source);
  const std::map<std::string, described_frame> frames = described_frames(source);
  for (const coroutine &coroutine : analyzed(source).coroutines)
    for (const level_lowering &lowering : coroutine.lowerings) {
      const auto described = frames.find(lowering.symbol);
      if (lowering.level != "O0" || !lowering.frame || described == frames.end())
        continue;
      if (lowering.frame->fields.front().size != 8)
        continue; // for targets of 32 bits LLVM describes the frame with pointers of 64
      INFO(coroutine.name);
      std::size_t found = 0;
      for (const field &field : lowering.frame->fields)
        if (const auto name = described->second.find(field.offset);
            name != described->second.end() && field.kind != field_kind::padding) {
          check_name(field, name->second);
          ++found;
        }
      CHECK(found == described->second.size());
    }
}

} // namespace coroscope::tests
