// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tool as a user calls it: exit codes, what it says, which files it leaves.
#include "render/json.h"
#include "run_program.h"

#include <catch2/catch.hpp>
#include <zlib.h>

#include <csignal>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace coroscope::tests {
namespace {

using test::fresh_file;
using test::program_result;

program_result coroscope(std::vector<std::string> words) {
  words.insert(words.begin(), COROSCOPE_TOOL);
  return test::run_program(words);
}

std::string sample(const std::string &name) { return COROSCOPE_SOURCE_DIR "/samples/" + name; }

/// A source file of this content, for this call alone.
std::string source(const std::string &content) {
  std::string file = fresh_file("source.cpp");
  std::ofstream(file) << content;
  return file;
}

std::string content(const std::string &file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

constexpr const char *support = "#include \"" COROSCOPE_SOURCE_DIR "/tests/golden/support.h\"\n"
                                "#include <csignal>\n#include <cstdio>\n#include <cstdlib>\n#include <unistd.h>\n"
                                "struct parked { bool await_ready() { return false; }\n"
                                "  void await_suspend(std::coroutine_handle<>) {} void await_resume() {} };\n"
                                "fire park() { co_await parked{}; }\n";

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

struct mistake {
  std::vector<std::string> words;
  int status;
  std::string says;
};

} // namespace

TEST_CASE("each mistake is named, with what to do and the right exit code") {
  const std::string good = sample("05_async_await.cpp");
  const mistake mistakes[] = {
      {{"dis"}, 2, "no source file is named"},
      {{"frobnicate"}, 2, "no command 'frobnicate'"},
      {{"dis", "missing.cpp"}, 2, "no file 'missing.cpp'"},
      {{"dis", "/tmp"}, 2, "'/tmp' is a directory"},
      {{"dis", good, "--fromat=json"}, 2, "did you mean '--format'?"},
      {{"dis", good, "--format=xml"}, 2, "text and json are"},
      {{"dis", good, "--levels=O9"}, 2, "'O9' is no level"},
      {{"dis", good, "--compare=O0"}, 2, "two levels or more"},
      {{"dis", good, "--compare=O0,O7"}, 2, "--compare: 'O7' is no level"},
      {{"dis", good, "--compare=O0,O2", "--levels=O0"}, 2, "leave --levels out"},
      {{"dis", good, "--compare=O0,O2", "--format=json"}, 2, "--compare is a text"},
      {{"diff", good}, 2, "name two files"},
      {{"diff", good, "missing.json"}, 2, "no file 'missing.json'"},
      {{"diff", good, source("{\"schema\": \"coroscope-report/0\"}")}, 2, "coroscope-report/1"},
      {{"diff", good, source("{\"schema\": ")}, 2, "is no report that can be read"},
      {{"diff", good, good, "--format=xml"}, 2, "text, markdown and json are"},
      {{"diff", good, source("int main( {\n")}, 3, "does not compile"},
      {{"check", good}, 2, "nothing is checked"},
      {{"check", good, "--max-frame=4Q"}, 2, "'4Q' is no size"},
      {{"check", good, "--max-growth=3"}, 2, "needs --baseline"},
      {{"check", good, "--hazards", "--level=O0,O2"}, 2, "one level"},
      {{"check", good, "--require-elided=["}, 2, "no regular expression"},
      {{"check", good, "--baseline=missing.json"}, 2, "--write-baseline=missing.json"},
      {{"check", good, "--baseline=" + good}, 2, "is no baseline that can be read"},
      {{"check", source("int main( {\n"), "--max-frame=1"}, 3, "does not compile"},
      {{"dis", good, "--no-hazard=frames"}, 2, "large-dead-local, allocation-in-loop, and 'all'"},
      {{"dis", good, "--function=["}, 2, "no regular expression"},
      {{"dis", good, "--function=nothing_like_it"}, 2, "has 'nothing_like_it' in its name"},
      {{"dis", good, "-p", "/nowhere"}, 2, "no compile_commands.json in '/nowhere'"},
      {{"dis", good, "--", "-std=c++20", "--bogus"}, 3, "unknown argument: '--bogus'"},
      {{"dis", source("int main() {}\n")}, 2, "no coroutine in"},
      {{"dis", source("int main( {\n")}, 3, "does not compile"},
      {{"dis", source("#include \"missing.h\"\n")}, 3, "--extra-arg=-IDIR"},
      {{"run", source("int main( {\n")}, 3, "does not compile"},
      {{"run", source("int helper() { return 1; }\n")}, 2, "does not link"},
      {{"trace", "missing.corotrace"}, 2, "no file 'missing.corotrace'"},
      {{"trace", good}, 2, "is no recording that can be read"},
      {{"record", "-o", fresh_file("x.corotrace")}, 2, "the program behind --"},
      {{"record", "--", "true"}, 2, "name the recording"},
      {{"record", "-o", good, "--", "true"}, 2, "is no recording, and is left alone"},
      {{"record", "-o", fresh_file("x.corotrace"), "--", "no_such_program"}, 2, "cannot start 'no_such_program'"},
      {{"record", "-o", fresh_file("x.corotrace"), "--", "true"}, 2, "'true' recorded nothing"},
      {{"record", "-o", fresh_file("x.corotrace"), "--", "sh", "-c", "exit 5"}, 5, "'sh' recorded nothing"},
      {{"record", "--ring=lots", "-o", fresh_file("x.corotrace"), "--", "true"}, 2, "--ring: 'lots' is no size"},
      {{"trace", "--follow", "--summary", good}, 2, "leave out --summary"},
      {{"trace", "--follow", good}, 2, "is no recording that can be read"},
      {{"flags"}, 2, "coroscope flags --ldflags"},
      {{"flags", "--cxxflags", "--ldflags"}, 2, "say which flags"},
      {{"report", good}, 2, "-o OUT.html"},
      {{"report", good, "-o", "/nowhere/page.html"}, 2, "cannot write '/nowhere/page.html'"}};
  for (const mistake &mistake : mistakes) {
    const program_result result = coroscope(mistake.words);
    INFO(mistake.words.front() << " … " << mistake.words.back() << "\n" << result.err);
    CHECK(result.status == mistake.status);
    CHECK(result.err.find(mistake.says) != std::string::npos);
  }
}

TEST_CASE("dis writes the lowering to stdout and nothing to stderr") {
  const program_result result = coroscope({"dis", sample("05_async_await.cpp")});
  CHECK(result.status == 0);
  CHECK(result.err.empty());
  CHECK(result.out.find("main_task()") != std::string::npos);
}

TEST_CASE("flags that make a compiler do something else leave the lowering as it is") {
  const std::string file = source(support);
  const std::string expected = coroscope({"dis", file, "--", "-std=c++20"}).out;
  for (const std::string flag :
       {"-fsyntax-only", "-E", "-S", "-emit-llvm", "-flto", "-O3", "-g0", "-ftime-report", "-Werror"}) {
    const program_result result = coroscope({"dis", file, "--", "-std=c++20", flag});
    INFO(flag << "\n" << result.err);
    CHECK(result.status == 0);
    CHECK(result.out == expected);
  }
}

TEST_CASE("check keeps to limits, to a baseline and to the exit codes of its findings") {
  const std::string file = source(support), baseline = fresh_file("baseline.json"), json = fresh_file("report.json");
  CHECK(coroscope({"check", file, "--max-frame=4K", "--write-baseline=" + baseline}).status == 0);
  CHECK(coroscope({"check", file, "--baseline", baseline}).status == 0);
  CHECK(coroscope({"check", file, "--max-frame=8"}).status == 1);
  const std::string grown =
      source(std::string(support) + "fire large() { char b[99]; use(b); co_await parked{}; use(b); }\n");
  CHECK(coroscope({"check", grown, "--baseline", baseline, "--max-growth=10%"}).out.find("not in the baseline") !=
        std::string::npos);
  std::ofstream(json) << coroscope({"dis", grown, "--format=json"}).out;
  const program_result found = coroscope({"check", json, file, "--max-frame=99"});
  CHECK(found.status == 1);
  CHECK(found.out.find("[frame-size]") != std::string::npos);
  CHECK(coroscope({"check", json, "--level=Os", "--max-frame=99"}).err.find("has nothing of -Os") != std::string::npos);
  CHECK(coroscope({"check", source("int main() {}\n"), "--max-frame=1"}).status == 0);
  CHECK(coroscope({"check", file, "--require-elided=nothing"}).err.find("no call here") != std::string::npos);
}

TEST_CASE("check takes several reports as one: a coroutine of a header counts once, whatever the levels") {
  const std::string file = source(support), one = fresh_file("one.json"), other = fresh_file("other.json");
  std::ofstream(one) << coroscope({"dis", file, "--format=json"}).out;
  std::ofstream(other) << coroscope({"dis", file, "--format=json", "--levels=O1,O2"}).out;
  const std::string once = coroscope({"check", one, "--max-frame=8"}).out;
  CHECK(coroscope({"check", one, other, "--max-frame=8"}).out == once);
  CHECK(coroscope({"check", one, other, file, "--max-frame=8"}).out == once);
}

TEST_CASE("hazards are left out by --no-hazard, of reports as of sources") {
  const std::string file =
      source(std::string(support) + "fire f() { char b[9000]; use(b); co_await parked{}; use(b); }\n");
  const std::string json = fresh_file("report.json");
  std::ofstream(json) << coroscope({"dis", file, "--format=json"}).out;
  for (const std::string &input : {file, json}) {
    CHECK(coroscope({"check", input, "--hazards"}).out.find("[frame-over-page]") != std::string::npos);
    CHECK(coroscope({"check", input, "--hazards", "--no-hazard=frame-over-page"}).status == 0);
  }
  const std::string small = source(std::string(support) + "fire f() { co_await parked{}; }\n");
  CHECK(coroscope({"diff", small, json}).out.find("frame-over-page") != std::string::npos);
  CHECK(coroscope({"diff", small, json, "--no-hazard=all"}).out.find("frame-over-page") == std::string::npos);
  const std::string help = coroscope({"check", "--help"}).out;
  for (const std::string name : {"dangling-reference", "closure-dies", "this-of-temporary", "guard-across-suspend",
                                 "frame-over-page", "large-dead-local", "allocation-in-loop"})
    CHECK(help.find(name) != std::string::npos);
}

TEST_CASE("diff takes sources and reports, and tells by the exit code only where that is asked") {
  const std::string file = source(support), json = fresh_file("report.json");
  std::ofstream(json) << coroscope({"dis", file, "--format=json", "--levels=O1"}).out;
  CHECK(coroscope({"diff", json, file, "--exit-code"}).out == "no coroutine changed (1 compared at -O1)\n");
  const std::string other = source(std::string(support) + "fire more() { co_await parked{}; }\n");
  CHECK(coroscope({"diff", file, other}).status == 0);
  CHECK(coroscope({"diff", file, other, "--exit-code"}).status == 1);
  CHECK(coroscope({"diff", json, other, "--format=json"}).out.find("coroscope-diff/1") != std::string::npos);
}

TEST_CASE("help is on stdout, a call without words prints it to stderr and fails") {
  CHECK(coroscope({"--help"}).status == 0);
  for (const std::string command : {"dis", "diff", "check", "run", "record", "flags", "trace", "report"})
    CHECK(coroscope({command, "--help"}).out.starts_with("usage: coroscope " + command));
  const program_result empty = coroscope({});
  CHECK(empty.status == 2);
  CHECK(empty.out.empty());
}

TEST_CASE("flags come from compile_commands.json where -p names its directory") {
  const std::string folder = fresh_file("project");
  std::filesystem::create_directories(folder);
  const std::string path = std::filesystem::absolute(folder).string();
  std::ofstream(folder + "/a.cpp") << support << "#ifndef NEEDED\n#error flags are missing\n#endif\n";
  std::ofstream(folder + "/compile_commands.json")
      << R"([{"directory": ")" << path
      << R"(", "file": "a.cpp", "command": "c++ -std=c++20 -O3 -DNEEDED -c a.cpp -o a.o"}])";
  CHECK(coroscope({"dis", folder + "/a.cpp"}).status == 3);
  const program_result result = coroscope({"dis", "-p", folder, folder + "/a.cpp"});
  CHECK(result.status == 0);
  CHECK(result.out.find("park()") != std::string::npos);
  // A file that is not in it gets the flags of its neighbour, as in every libTooling tool.
  std::filesystem::copy(folder + "/a.cpp", folder + "/b.cpp");
  const program_result guessed = coroscope({"dis", "-p", folder, folder + "/b.cpp"});
  CHECK(guessed.status == 0);
  CHECK(guessed.out.find("its flags are those of a file like it") != std::string::npos);
}

TEST_CASE("run gives the program its arguments and the caller its output and exit code") {
  const std::string file = source(std::string(support) + "int main(int count, char **words) {\n"
                                                         "  park();\n"
                                                         "  std::printf(\"%d %s\\n\", count, words[1]);\n"
                                                         "  return 7;\n"
                                                         "}\n");
  const program_result result = coroscope({"run", file, "-O2", "--arg=an argument"});
  CHECK(result.status == 7);
  CHECK(result.out == "2 an argument\n");
  CHECK(result.err.find("park") != std::string::npos);
}

TEST_CASE("the runtime's own coroutines appear in a run with their names and lines") {
  const std::string trace = fresh_file("echo.corotrace");
  REQUIRE(coroscope({"run", sample("04_tcp_echo.cpp"), "--arg=--self-test", "--trace=" + trace}).status == 0);
  const std::string events = coroscope({"trace", trace}).out;
  CHECK(events.find("accept#") != std::string::npos);
  CHECK(events.find("tcp_stream.cpp:") != std::string::npos);
  CHECK(events.find("frame#") == std::string::npos);
}

TEST_CASE("a ring keeps the end of a run, and what it overwrote is said in text, summary and JSON") {
  const std::string trace = fresh_file("ring.corotrace");
  const std::string file =
      source(std::string(support) + "fire quick() { co_return; }\n"
                                    "int main() { for (int i = 0; i < 100000; ++i) quick(); park(); }\n");
  REQUIRE(coroscope({"run", file, "--ring=64K", "--trace=" + trace}).status == 0);
  const program_result listing = coroscope({"trace", trace});
  CHECK(listing.status == 0);
  CHECK(listing.out.find("suspended at S1") != std::string::npos);
  CHECK(listing.err.find("events were overwritten") != std::string::npos);
  CHECK(coroscope({"trace", trace, "--summary"}).out.find("events were overwritten") != std::string::npos);
  CHECK(coroscope({"trace", trace, "--format=json"}).out.find("\"overwritten_events\"") != std::string::npos);
}

TEST_CASE("events are followed while the program runs, and the end is its end") {
  const std::string folder = std::filesystem::absolute(fresh_file("followed")).string();
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/app.cpp") << support << "int main() { park(); std::getchar(); park(); return 0; }\n";
  const std::string tool = COROSCOPE_TOOL;
  REQUIRE(std::system(("cd '" + folder + "' && clang++-22 -std=c++20 $('" + tool + "' flags --cxxflags) app.cpp $('" +
                       tool + "' flags --ldflags) -o app")
                          .c_str()) == 0);
  std::FILE *const listing = popen(("'" + tool + "' trace --follow '" + folder + "/x.corotrace' 2>&1").c_str(), "r");
  std::FILE *const program = popen(("COROSCOPE_TRACE='" + folder + "/x.corotrace' '" + folder + "/app'").c_str(), "w");
  REQUIRE(listing);
  REQUIRE(program);
  std::string text;
  const auto read_until = [&](const std::string &wanted) {
    for (char line[512]; text.find(wanted) == std::string::npos && std::fgets(line, sizeof line, listing);)
      text += line;
  };
  read_until("suspended at S1"); // which comes while the program waits for its input
  CHECK(text.find("park#2") == std::string::npos);
  CHECK(pclose(program) == 0);
  read_until("no such line");
  CHECK(pclose(listing) == 0);
  INFO(text);
  CHECK(text.find("park#2") != std::string::npos);
  CHECK(text.find("frame created") != text.rfind("frame created"));
  CHECK(text.find("time") == text.rfind("time")); // one heading
}

TEST_CASE("a program that crashes leaves its exit code, its name and a recording up to the crash") {
  const std::string trace = fresh_file("crash.corotrace");
  const program_result result =
      coroscope({"run", source(std::string(support) + "int main() { park(); std::abort(); }\n"), "--trace=" + trace});
  CHECK(result.status == 128 + SIGABRT);
  CHECK(result.err.find("ended by signal 6") != std::string::npos);
  const program_result listing = coroscope({"trace", trace});
  CHECK(listing.status == 0);
  CHECK(listing.out.find("suspended at S1") != std::string::npos);
  CHECK(listing.err.find("ends before the program did") != std::string::npos);
}

TEST_CASE("an interrupt that is sent to the tool reaches a program that never ends, and the recording is kept") {
  const std::string trace = fresh_file("endless.corotrace");
  const program_result result = coroscope(
      {"run", source(std::string(support) + "int main() { park(); kill(getppid(), SIGINT); for (;;) pause(); }\n"),
       "--trace=" + trace});
  CHECK(result.status == 128 + SIGINT);
  CHECK(coroscope({"trace", trace}).out.find("suspended at S1") != std::string::npos);
}

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

TEST_CASE("a place that cannot be written is refused before the program runs") {
  const program_result result =
      coroscope({"run", source("#include <cstdio>\nint main() { std::puts(\"ran\"); }\n"), "--trace=/nowhere/x"});
  CHECK(result.status == 2);
  CHECK(result.out.empty());
}

TEST_CASE("a program without coroutines runs all the same, and the tool says that it recorded nothing") {
  const program_result result = coroscope({"run", source("int main() { return 5; }\n")});
  CHECK(result.status == 5);
  CHECK(result.err.find("it has no coroutine") != std::string::npos);
}

TEST_CASE("several files make one program") {
  const std::string main_file = source(std::string(support) + "void other();\nint main() { park(); other(); }\n");
  const std::string other_file = source("#include <cstdio>\nvoid other() { std::puts(\"other\"); }\n");
  CHECK(coroscope({"run", main_file, other_file}).out == "other\n");
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
  const program_result result =
      coroscope({"report", file, "--levels=O2", "--trace=" + trace, "-o", fresh_file("p.html")});
  CHECK(result.err.find("was recorded with another layout than this report shows") != std::string::npos);
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
