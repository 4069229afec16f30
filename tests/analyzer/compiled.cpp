// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiled.h"

#include "sources.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <unistd.h>

namespace coroscope::tests {
namespace {

/// The content of a file, which is removed.
std::string taken(const std::filesystem::path &file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  std::filesystem::remove(file);
  return text.str();
}

compiler_words fresh(const std::string &source, const std::string &level) {
  const std::string stem =
      (std::filesystem::temp_directory_path() / ("coroscope-oracle-" + std::to_string(getpid()))).string();
  std::string command = "cd '" COROSCOPE_SOURCE_DIR "' && clang++-22 -" + level + " -c -w '" + source + "'" +
                        " -foptimization-record-passes=coro-split -fsave-optimization-record" +
                        " -foptimization-record-file='" + stem + ".yaml'";
  for (const std::string &flag : flags_of(source))
    command += " '" + flag + "'";
  const bool described = level == "O0";
  command += described
                 ? " -g -o '" + stem + ".o' && llvm-dwarfdump-22 --debug-info '" + stem + ".o' >'" + stem + ".txt'"
                 : " -emit-llvm -o /dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  std::filesystem::remove(stem + ".o");
  return {taken(stem + ".yaml"), described ? taken(stem + ".txt") : ""};
}

} // namespace

const compiler_words &compiled(const std::string &source, const std::string &level) {
  static std::map<std::string, compiler_words> known;
  const std::string key = level + " " + source;
  const auto words = known.find(key);
  return words != known.end() ? words->second : known.emplace(key, fresh(source, level)).first->second;
}

} // namespace coroscope::tests
