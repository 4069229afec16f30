// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What `-p BUILD_DIR` makes of the commands that builds have: docs/code-bases.md says it, here it is so.
//
//   a folder with sources and compile_commands.json --coroscope dis -p--> stdout, notes, exit code
#include "run_program.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

namespace coroscope::tests {
namespace {

using test::program_result;

/// A folder with a data base, for one test.
class code_base {
public:
  void write(const std::string &name, const std::string &content) const { std::ofstream(folder_ / name) << content; }

  /// A source with a coroutine of the file's name, behind `before`.
  void write_coroutine(const std::string &name, const std::string &before = "") const {
    write(name + ".cpp", before + "#include \"" COROSCOPE_SOURCE_DIR "/tests/golden/support.h\"\nfire " + name +
                             "() { co_await later{}; }\n");
  }

  void add(const std::string &file, const std::string &command) {
    entries_ += (entries_.empty() ? "" : ",\n") + std::string(R"({"directory": ")") + folder_.string() +
                R"(", "file": ")" + file + R"(", "command": ")" + command + R"("})";
    write("compile_commands.json", "[" + entries_ + "]\n");
  }

  program_result dis(std::vector<std::string> words) const {
    words.insert(words.begin(), {COROSCOPE_TOOL, "dis", "-p", folder_.string()});
    return test::run_program(words);
  }

  std::set<std::string> files() const {
    std::set<std::string> found;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder_))
      found.insert(entry.path().lexically_relative(folder_).string());
    return found;
  }

  std::filesystem::path folder() const { return folder_; }

private:
  std::filesystem::path folder_ = [] {
    const auto folder = std::filesystem::absolute(test::fresh_file("code-base"));
    std::filesystem::create_directories(folder);
    return folder;
  }();
  std::string entries_;
};

std::size_t count(const std::string &text, const std::string &words) {
  std::size_t found = 0;
  for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
    ++found;
  return found;
}

void check_is_fine(const program_result &result) {
  INFO(result.out << result.err);
  CHECK(result.status == 0);
  CHECK(result.err.find("error") == std::string::npos);
}

} // namespace

TEST_CASE("flags of another compiler that clang does not know are left out with one note") {
  code_base base;
  base.write_coroutine("one");
  base.add("one.cpp", "g++ -std=c++20 -fno-such-pass -fanalyzer-quietly=3 -c one.cpp -o one.o");
  const program_result result = base.dis({"--all"});
  check_is_fine(result);
  const std::string text = result.out + result.err;
  CHECK(text.find("one()") != std::string::npos);
  CHECK(count(text, "-fno-such-pass") == 1);
  CHECK(count(text, "-fanalyzer-quietly=3") == 1);
}

TEST_CASE("values that clang refuses are left out, and the rest of their list stays") {
  code_base base;
  base.write_coroutine("one");
  base.add("one.cpp", "g++ -std=c++20 -fprofile-use -fauto-profile=none.afdo -fdiagnostics-format=json -mtune=intel "
                      "-mfpmath=sse,387 -fexec-charset=ISO-8859-1 -finput-charset=latin1 "
                      "-fsanitize=address,bounds-strict -Wa,-adhln=x.lst,--noexecstack -c one.cpp -o one.o");
  const program_result result = base.dis({"--all"});
  check_is_fine(result);
  for (const std::string left_out :
       {"-fprofile-use", "-fauto-profile=none.afdo", "-fdiagnostics-format=json", "-mtune=intel", "-mfpmath=sse,387",
        "-fexec-charset=ISO-8859-1", "-finput-charset=latin1", "-fsanitize=bounds-strict", "-Wa,-adhln=x.lst"}) {
    INFO(left_out << " in " << result.out);
    CHECK(count(result.out + result.err, left_out) == 1);
  }
}

TEST_CASE("a cross compiler's name says the target; one that says none that clang knows is told") {
  const std::string code = "#include <coroutine>\n"
                           "struct job { struct promise_type { job get_return_object(); std::suspend_never "
                           "initial_suspend() noexcept; std::suspend_never final_suspend() noexcept; void "
                           "return_void(); void unhandled_exception(); }; };\n"
                           "job one() { co_await std::suspend_always{}; }\n";
  const std::string flags = " -nostdinc++ -isystem " COROSCOPE_SOURCE_DIR "/tests/matrix/include -std=c++20 -c one.cpp";
  code_base base;
  base.write("one.cpp", code);
  base.add("one.cpp", "/opt/cross/bin/arm-linux-gnueabihf-g++-13" + flags);
  const program_result known = base.dis({"--format=json"});
  check_is_fine(known);
  CHECK(count(known.out, R"("triple": "arm)") == 1);
  code_base other;
  other.write("one.cpp", code);
  other.add("one.cpp", "fictional-none-elf-g++" + flags);
  const program_result unknown = other.dis({});
  check_is_fine(unknown);
  CHECK(unknown.out.find("one.cpp: note: clang knows no target 'fictional-none-elf'") != std::string::npos);
}

TEST_CASE("check takes as many files at a time as it is told") {
  code_base base;
  for (const std::string name : {"one", "two"}) {
    base.write_coroutine(name);
    base.add(name + ".cpp", "c++ -std=c++20 -c " + name + ".cpp");
  }
  const program_result result = test::run_program(
      {COROSCOPE_TOOL, "check", "-p", base.folder().string(), "-j2", "--timeout=100", "--max-frame=4K"});
  INFO(result.out << result.err);
  CHECK(result.status == 0);
  CHECK(result.out.find("2 frames checked") != std::string::npos);
}

TEST_CASE("a response file is read as the command's directory sees it; a missing one is named") {
  code_base base;
  base.write_coroutine("one", "#ifndef NEEDED\n#error flags are missing\n#endif\n");
  base.write("flags.rsp", "-std=c++20 -DNEEDED\n");
  base.add("one.cpp", "g++ @flags.rsp -c one.cpp -o one.o");
  check_is_fine(base.dis({"--all"}));
  std::filesystem::remove(base.folder() / "flags.rsp");
  const program_result missing = base.dis({"--all"});
  CHECK(missing.status == 3);
  CHECK((missing.out + missing.err).find("response file 'flags.rsp'") != std::string::npos);
}

TEST_CASE("the header of a precompiled header is read as text") {
  const std::string suffix = GENERATE("gch", "pch");
  code_base base;
  base.write("all.h", "#define NEEDED\n");
  base.write("all.h." + suffix, "of another compiler");
  base.write_coroutine("one", "#ifndef NEEDED\n#error the header is missing\n#endif\n");
  base.add("one.cpp", "g++ -std=c++20 -include all.h -Winvalid-pch -c one.cpp -o one.o");
  INFO(suffix);
  check_is_fine(base.dis({"--all"}));
}

TEST_CASE("a unit with a precompiled header and without a coroutine's keywords is not parsed") {
  code_base base;
  base.write("all.h", "int parsed = no_such_name;\n");
  base.write("all.h.gch", "of another compiler");
  base.write("plain.cpp", "int plain() { return 1; }\n");
  base.write_coroutine("one");
  base.add("plain.cpp", "g++ -std=c++20 -include all.h -c plain.cpp -o plain.o");
  base.add("one.cpp", "g++ -std=c++20 -c one.cpp -o one.o");
  check_is_fine(base.dis({"--all"}));
  base.write("all.h", "#error preprocessed\n");
  const program_result broken = base.dis({"--all"});
  CHECK(broken.status == 3);
  CHECK((broken.out + broken.err).find("preprocessed") != std::string::npos);
}

TEST_CASE("of several commands for one file the first counts, and a note says so") {
  code_base base;
  base.write_coroutine("one", "#ifndef FIRST\n#error not the first\n#endif\n");
  base.add("one.cpp", "g++ -std=c++20 -DFIRST -c one.cpp -o one.o");
  base.add("one.cpp", "g++ -std=c++20 -c one.cpp -o other.o");
  const program_result result = base.dis({"--all"});
  check_is_fine(result);
  CHECK((result.out + result.err).find("compile_commands.json compiles it 2") != std::string::npos);
  CHECK(base.dis({}).out.find("one.cpp: note: compile_commands.json compiles it 2") != std::string::npos);
}

TEST_CASE("a file that fails leaves the rest, and -j changes no byte") {
  code_base base;
  for (const std::string name : {"one", "bad", "two", "three"}) {
    base.write_coroutine(name, name == "bad" ? "#error no good\n" : "");
    base.add(name + ".cpp", "c++ -std=c++20 -c " + name + ".cpp");
  }
  const program_result alone = base.dis({"--all", "-j1"});
  CHECK(alone.status == 3);
  for (const std::string name : {"one()", "two()", "three()"})
    CHECK(alone.out.find(name) != std::string::npos);
  CHECK((alone.out + alone.err).find("no good") != std::string::npos);
  const program_result together = base.dis({"--all", "-j4"});
  CHECK(together.status == 3);
  CHECK(together.out == alone.out);
}

TEST_CASE("nothing is written where the sources are") {
  code_base base;
  base.write_coroutine("one");
  base.add("one.cpp", "clang++ -std=c++20 -g -gsplit-dwarf -MD -MF one.d -MT one.o -save-temps --coverage "
                      "-fstack-usage -ftime-trace -fsave-optimization-record -c one.cpp -o one.o");
  const std::set<std::string> before = base.files();
  check_is_fine(base.dis({"--all"}));
  check_is_fine(base.dis({"--all", "--asm", "--ir"}));
  CHECK(base.files() == before);
}

TEST_CASE("alloca in a coroutine, which crashes the compiler, is a diagnostic of its file alone") {
  code_base base;
  base.write_coroutine("good");
  base.write_coroutine("bad", "#include <coroutine>\n");
  std::ofstream(base.folder() / "bad.cpp", std::ios::app)
      << "fire taken(int n) { void *bytes = __builtin_alloca(n); use(bytes); co_await later{}; use(bytes); }\n";
  for (const std::string name : {"bad", "good"})
    base.add(name + ".cpp", "clang++ -std=c++20 -c " + name + ".cpp");
  const program_result result = base.dis({"--all"});
  INFO(result.out << result.err);
  CHECK(result.status == 3);
  CHECK(result.out.find("good()") != std::string::npos);
  CHECK((result.out + result.err).find("Coroutines cannot handle non static allocas") != std::string::npos);
}

} // namespace coroscope::tests
