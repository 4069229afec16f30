// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// tests/golden/<topic>/<claim>.cpp has the text that `coroscope dis` prints of it beside it. COROSCOPE_UPDATE=1 writes
// the texts anew, to be reviewed with git diff.
#include "render/text.h"
#include "sources.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace coroscope::tests {
namespace {

std::string content(const std::filesystem::path &file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

} // namespace

TEST_CASE("each golden source has the lowering that stands beside it") {
  const std::string source = GENERATE(from_range(golden_sources()));
  std::filesystem::path expected = source_root() / source;
  expected.replace_extension(".txt");
  const std::string text = render::text(analyzed(source));
  if (std::getenv("COROSCOPE_UPDATE")) {
    std::ofstream(expected, std::ios::binary) << text;
    return;
  }
  INFO(source << ": run with COROSCOPE_UPDATE=1 and review the difference if the change is meant");
  CHECK(text == content(expected));
}

} // namespace coroscope::tests
