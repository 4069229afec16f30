// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// No false alarm: what the house itself writes gives no warning, but for frames that are large on purpose.
#include "sources.h"

#include <catch2/catch.hpp>

namespace coroscope::tests {

TEST_CASE("the samples and the runtime's sources have no hazards") {
  for (const std::string folder : {"samples", "runtime/src"})
    for (const auto &entry : std::filesystem::directory_iterator(source_root() / folder)) {
      if (entry.path().extension() != ".cpp")
        continue;
      analysis_request request{.files = {entry.path().string()}};
      request.commands.fixed = {"-std=c++20", "-isystem", COROSCOPE_INCLUDE_DIR};
      const auto report = analyze(request);
      REQUIRE(report);
      for (const hazard &hazard : report->hazards) {
        INFO(entry.path() << ": " << hazard.message);
        CHECK(hazard.name == "frame-over-page");
      }
    }
}

} // namespace coroscope::tests
