// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The page that the tool writes, and where it writes it to.
#include "render/json.h"
#include "tool.h"

#include <catch2/catch.hpp>
#include <zlib.h>

#include <filesystem>

namespace coroscope::tests {
namespace {

std::string base64_decoded(const std::string &text) {
  std::string bytes;
  unsigned buffer = 0;
  int bits = 0;
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (const char letter : text) {
    const std::size_t value = alphabet.find(letter);
    if (value == std::string::npos)
      break;
    buffer = buffer << 6 | static_cast<unsigned>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(buffer >> bits & 0xff);
    }
  }
  return bytes;
}

/// The report that a page carries.
report report_in(const std::string &page) {
  const std::string mark = "data-encoding=\"deflate-base64\">";
  const std::size_t begin = page.rfind(mark);
  REQUIRE(begin != std::string::npos);
  const std::size_t from = begin + mark.size();
  const std::string bytes = base64_decoded(page.substr(from, page.find('<', from) - from));
  std::string json(64 << 20, '\0');
  uLongf size = json.size();
  REQUIRE(uncompress(reinterpret_cast<Bytef *>(json.data()), &size, reinterpret_cast<const Bytef *>(bytes.data()),
                     bytes.size()) == Z_OK);
  json.resize(size);
  auto found = render::read_json(json);
  REQUIRE(found);
  return std::move(*found);
}

} // namespace

TEST_CASE("output goes through a symbolic link and into a pipe or device, which stay what they are") {
  const std::string folder = fresh_file("outputs");
  std::filesystem::create_directories(folder);
  const std::string file = source(std::string(support) + "int main() { park(); }\n");
  std::ofstream(folder + "/target.html") << "old";
  std::filesystem::create_symlink("target.html", folder + "/link.html");
  CHECK(coroscope({"report", file, "-o", folder + "/link.html", "--json=/dev/null"}).status == 0);
  CHECK(std::filesystem::is_symlink(folder + "/link.html"));
  CHECK(content(folder + "/target.html").starts_with("<!doctype html>"));
  CHECK(std::filesystem::is_character_file("/dev/null"));
  CHECK(coroscope({"report", file, "-o", folder + "/a", "--json=" + folder + "/a"}).status == 2);
  CHECK_FALSE(std::filesystem::exists(folder + "/a"));
}

TEST_CASE("a report with a run carries the run, joined to the lowering at the program's level") {
  const std::string page = fresh_file("page.html");
  const std::string json = fresh_file("page.json");
  const program_result result =
      coroscope({"report", sample("05_async_await.cpp"), "--run", "-O1", "-o", page, "--json=" + json});
  INFO(result.err);
  REQUIRE(result.status == 0);
  const report carried = report_in(content(page));
  CHECK(carried == render::read_json(content(json)));
  REQUIRE(carried.trace);
  CHECK(carried.trace->level == "O1");
  CHECK(carried.trace->exit_code == 0);
  CHECK(carried.trace->problems.empty());
  for (const traced_coroutine &coroutine : carried.trace->coroutines) {
    INFO(coroutine.name);
    REQUIRE(coroutine.joined);
    for (const traced_point &point : coroutine.points)
      CHECK(point.point);
  }
}

TEST_CASE("a recording of other code is not put beside the lowering") {
  const std::string trace = fresh_file("other.corotrace");
  const std::string file = source(std::string(support) + "int main() { park(); }\n");
  REQUIRE(coroscope({"run", file, "-O0", "--trace=" + trace}).status == 0);
  const std::string page = fresh_file("p.html");
  const program_result result = coroscope({"report", file, "--levels=O2", "--trace=" + trace, "-o", page});
  CHECK(result.err.find("was recorded with another layout than this report shows") != std::string::npos);
  CHECK(result.err.find("'" + trace + "' is refused") != std::string::npos);
  CHECK(result.status == 2);
  CHECK_FALSE(std::filesystem::exists(page));
}

TEST_CASE("a source that does not compile still gets its page, with the diagnostics") {
  const std::string page = fresh_file("broken.html");
  CHECK(coroscope({"report", source("int main( {\n"), "-o", page}).status == 3);
  const report carried = report_in(content(page));
  REQUIRE(carried.units.size() == 1);
  CHECK_FALSE(carried.units.front().diagnostics.empty());
  CHECK(carried.files.front().text == "int main( {\n");
}

} // namespace coroscope::tests
