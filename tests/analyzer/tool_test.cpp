// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tool as a user calls it: exit codes, what it says, which files it leaves.
#include "tool.h"

#include <catch2/catch.hpp>

#include <filesystem>

namespace coroscope::tests {
namespace {

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

} // namespace coroscope::tests
