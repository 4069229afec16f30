// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What model/schema.h lists is what docs/report-schema.md describes: each struct has an entry there, with each member.
//
//   schema.h: struct -> "members"      report-schema.md: entry -> its words
#include "sources.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace coroscope::tests {
namespace {

std::vector<std::string> lines_of(const std::string &file) {
  std::ifstream stream(source_root() / file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

std::map<std::string, std::vector<std::string>> members_in_code() {
  static const std::regex head(R"(void fields\(auto &archive, is<(\w+)> .*)");
  static const std::regex member(R"re(\s+archive(?:\.\w+)?\("(\w+)".*)re");
  std::map<std::string, std::vector<std::string>> found;
  std::string name;
  std::smatch match;
  for (const std::string &line : lines_of("analyzer/model/schema.h")) {
    if (std::regex_match(line, match, head))
      name = match[1];
    else if (std::regex_match(line, match, member))
      found[name].push_back(match[1]);
  }
  return found;
}

/// The words of the entry that begins with `name`, of the first block; what is indented belongs to the entry above.
std::set<std::string> words_of(const std::string &name) {
  static const std::regex word(R"(\w+)");
  std::set<std::string> words;
  bool is_in = false;
  unsigned fences = 0;
  for (const std::string &line : lines_of("docs/report-schema.md")) {
    fences += line == "```" ? 1 : 0;
    if (fences != 1)
      continue;
    if (!line.starts_with(' '))
      is_in = line.starts_with(name + " ");
    const std::string rest = is_in && line.starts_with(name) ? line.substr(name.size()) : line;
    for (std::sregex_iterator at(rest.begin(), rest.end(), word), end; is_in && at != end; ++at)
      words.insert(at->str());
  }
  return words;
}

/// The entry of a struct that is not called as the struct is.
std::string entry_of(const std::string &name) {
  static const std::map<std::string, std::string> others = {{"source_file", "file"},
                                                            {"chosen_function", "function"},
                                                            {"promise_type", "promise"},
                                                            {"destruction", "destroyed"},
                                                            {"inlined_call", "inlined"},
                                                            {"lowered_point", "resume_index"},
                                                            {"absent_variable", "absent"},
                                                            {"line_place", "listing"},
                                                            {"lowered_function", "functions"},
                                                            {"level_lowering", "lowering"},
                                                            {"parameter_copy", "parameter"},
                                                            {"co_return_statement", "returns"},
                                                            {"view_line", "view"},
                                                            {"traced_point", "traced point"},
                                                            {"traced_coroutine", "traced coroutine"},
                                                            {"traced_frame", "traced frame"},
                                                            {"traced_variable", "traced coroutine"},
                                                            {"frame_contents", "contents"},
                                                            {"byte_change", "contents"},
                                                            {"traced_value", "contents"},
                                                            {"traced_await", "awaits"},
                                                            {"traced_run", "trace"}};
  const auto other = others.find(name);
  return other == others.end() ? name : other->second;
}

} // namespace

TEST_CASE("each member of a report's JSON stands in docs/report-schema.md, in the entry of its struct") {
  const auto members = members_in_code();
  REQUIRE(members.size() > 25);
  for (const auto &[name, names] : members) {
    const std::set<std::string> words = words_of(entry_of(name));
    INFO(name << ", the entry " << entry_of(name));
    REQUIRE_FALSE(words.empty());
    for (const std::string &member : names) {
      INFO(member);
      CHECK(words.contains(member));
    }
  }
}

} // namespace coroscope::tests
