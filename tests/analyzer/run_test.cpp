// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Programs that the tool runs, and their recordings as it lists them.
#include "tool.h"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>

namespace coroscope::tests {
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
  REQUIRE(std::system(("cd '" + folder + "' && clang++-22 -std=c++20 -O2 -g $('" + tool +
                       "' flags --cxxflags) app.cpp $('" + tool + "' flags --ldflags) -o app")
                          .c_str()) == 0);
  std::FILE *const listing = popen(("'" + tool + "' trace --follow '" + folder + "/x.corotrace' 2>&1").c_str(), "r");
  std::FILE *const program = popen(
      ("COROSCOPE_TRACE_FRAMES=4096 COROSCOPE_TRACE='" + folder + "/x.corotrace' '" + folder + "/app'").c_str(), "w");
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
  CHECK(text.find("what the optimiser keeps") != std::string::npos);
  CHECK(text.find("what the optimiser keeps") == text.rfind("what the optimiser keeps"));
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

} // namespace coroscope::tests
