// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libFuzzer's target: whatever the source, the analysis ends with a report, and the report with its texts.
//
//   bytes = a source --analyze()--> report --text, JSON, page; JSON --read_json()--> the same report
#include "analyze.h"
#include "mutate_source.h"
#include "render/html.h"
#include "render/json.h"
#include "render/text.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

/// A folder of this process, laid out as tests/golden is, so that its sources find "../support.h".
class scratch_folder {
public:
  scratch_folder() {
    fs::create_directories(input_.parent_path());
    fs::copy_file(COROSCOPE_SOURCE_DIR "/tests/golden/support.h", root_ / "support.h",
                  fs::copy_options::overwrite_existing);
  }
  scratch_folder(const scratch_folder &) = delete;
  scratch_folder &operator=(const scratch_folder &) = delete;
  ~scratch_folder() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  [[nodiscard]] const fs::path &input() const { return input_; }

private:
  fs::path root_ = fs::temp_directory_path() / ("coroscope-fuzz-" + std::to_string(getpid()));
  fs::path input_ = root_ / "source" / "input.cpp";
};

/// Which flags a source gets depends on nothing but its bytes.
std::vector<std::string> flags_for(std::size_t choice) {
  static const std::vector<std::vector<std::string>> more = {
      {}, {}, {}, {"-fno-exceptions"}, {"-std=c++23"}, {"-fsanitize=address"}, {"-gline-tables-only"}, {"-fno-inline"}};
  std::vector<std::string> flags = {"-std=c++20", "-w", "-isystem", COROSCOPE_SOURCE_DIR "/tests/matrix/include",
                                    "-ferror-limit=5"};
  const std::vector<std::string> &added = more[choice % more.size()];
  flags.insert(flags.end(), added.begin(), added.end());
  return flags;
}

void require(bool holds, const char *what) {
  if (holds)
    return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  static const scratch_folder folder;
  const std::string source(reinterpret_cast<const char *>(data), size);
  std::ofstream(folder.input(), std::ios::binary) << source;
  const std::size_t choice = std::hash<std::string>()(source);
  const std::vector<std::string> levels = {"O0", choice % 3 == 0 ? "O1" : "O2"}, flags = flags_for(choice / 3);
  if (std::getenv("COROSCOPE_FUZZ_PRINT")) { // what is tried, for who wants to try it with clang
    std::printf("%s %s\n", levels.front().c_str(), levels.back().c_str());
    for (const std::string &flag : flags)
      std::printf("%s\n", flag.c_str());
    std::fflush(stdout);
    std::_Exit(0); // libFuzzer would run the input again
  }
  const auto report = coroscope::analyze({.files = {folder.input().string()},
                                          .levels = levels,
                                          .commands = {.fixed = flags},
                                          .with_sources = choice % 2 == 0,
                                          .with_ir = choice % 2 == 0,
                                          .limits = {.jobs = 0}}); // a crash is the fuzzer's
  require(report.has_value(), "the analysis found fault with its environment");
  for (const coroscope::unit &unit : report->units)
    for (const coroscope::diagnostic &diagnostic : unit.diagnostics)
      require(!diagnostic.message.contains("compiler crashed on this file"), "the analysis crashed in a child process");
  require(!coroscope::render::text(*report).empty() || report->coroutines.empty(), "the text is empty");
  const auto again = coroscope::render::read_json(coroscope::render::json(*report, false));
  require(again.has_value(), "the JSON is refused by its own reader");
  require(coroscope::render::json(*again, false) == coroscope::render::json(*report, false), "the JSON changed");
  return 0;
}

namespace {

std::size_t give(const std::string &text, std::uint8_t *data, std::size_t room) {
  const std::size_t size = std::min(text.size(), room);
  std::copy_n(text.begin(), size, data);
  return size;
}

} // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size, std::size_t room, unsigned seed) {
  std::minstd_rand random(seed);
  return give(coroscope::fuzz::mutate({reinterpret_cast<const char *>(data), size}, random), data, room);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t *one, std::size_t one_size, // NOLINT
                                                 const std::uint8_t *other, std::size_t other_size, std::uint8_t *out,
                                                 std::size_t room, unsigned seed) {
  std::minstd_rand random(seed);
  return give(coroscope::fuzz::cross({reinterpret_cast<const char *>(one), one_size},
                                     {reinterpret_cast<const char *>(other), other_size}, random),
              out, room);
}
