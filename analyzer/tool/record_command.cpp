// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a program that was built to be traced, and says what became of its recording.
#include "recording.h"
#include "tool/commands.h"
#include "tool/console.h"
#include "tool/output_file.h"
#include "tool/recorded_program.h"
#include "trace/format.h"
#include "traced_program.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

namespace coroscope::tool {
namespace {

/// An earlier recording, out of the way until there is a new one.
class earlier_recording {
public:
  explicit earlier_recording(std::filesystem::path aside = {}, std::filesystem::path place = {})
      : aside_(std::move(aside)), place_(std::move(place)) {}
  earlier_recording(earlier_recording &&other) noexcept
      : aside_(std::exchange(other.aside_, {})), place_(std::move(other.place_)) {}
  earlier_recording &operator=(earlier_recording &&) = delete;

  ~earlier_recording() {
    std::error_code ignored;
    if (aside_.empty())
      return;
    if (std::filesystem::exists(place_, ignored))
      std::filesystem::remove(aside_, ignored);
    else
      std::filesystem::rename(aside_, place_, ignored);
  }

private:
  std::filesystem::path aside_; ///< empty: there is none
  std::filesystem::path place_;
};

/// The recorder writes over what is there: only an earlier recording may go that way.
std::expected<earlier_recording, std::string> make_room(const std::filesystem::path &file) {
  if (auto writable = check_writable(file); !writable)
    return std::unexpected(writable.error());
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    return earlier_recording();
  std::array<char, trace::format::file_magic.size()> magic{};
  std::ifstream(file, std::ios::binary).read(magic.data(), magic.size());
  if (!std::filesystem::is_regular_file(file, error) ||
      (magic != trace::format::file_magic && !std::filesystem::is_empty(file, error)))
    return std::unexpected("'" + file.string() + "' is no recording, and is left alone: name another file for -o");
  std::filesystem::path aside = file;
  aside += ".before";
  std::filesystem::rename(file, aside, error);
  if (error)
    return std::unexpected("cannot replace '" + file.string() + "': " + error.message());
  return earlier_recording(std::move(aside), file);
}

/// Recordings FILE.PID that were made after `begin`: of forked children, and of programs that the program started.
std::vector<std::string> recordings_beside(const std::filesystem::path &file, std::filesystem::file_time_type begin) {
  std::vector<std::string> found;
  std::error_code error;
  const std::string prefix = file.filename().string() + ".";
  for (const auto &entry : std::filesystem::directory_iterator(std::filesystem::absolute(file).parent_path(), error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) && name.find_first_not_of("0123456789.", prefix.size()) == std::string::npos &&
        entry.last_write_time(error) >= begin)
      found.push_back((file.parent_path() / name).string());
  }
  std::ranges::sort(found);
  return found;
}

} // namespace

int record_command(const std::vector<std::string> &words) {
  const auto options = parse_options(words, joined({{"-o", true}}, frame_options));
  if (!options)
    return fail(options.error() + " (see coroscope record --help)");
  const auto output = options->value("-o");
  if (!output || !options->operands.empty() || !options->rest || options->rest->empty())
    return fail("name the recording, and the program behind --: coroscope record -o FILE.corotrace -- ./app ARGUMENT…");
  const auto frames = frames_from(*options);
  if (!frames)
    return fail(frames.error());
  auto earlier = make_room(*output);
  if (!earlier)
    return fail(earlier.error());
  const std::string &program = options->rest->front();
  const auto begin = std::filesystem::file_time_type::clock::now();
  const auto end = run_program(*options->rest, {.file = std::filesystem::absolute(*output),
                                                .frame_limit = frames->limit,
                                                .frame_budget = frames->budget,
                                                .ring = frames->ring});
  if (!end)
    return fail(end.error());
  if (end->signal != 0)
    say("the program was ended by signal " + std::to_string(end->signal) + " (" + strsignal(end->signal) +
        "); the recording goes up to there");
  if (!holds_events(*output)) {
    std::error_code ignored;
    std::filesystem::remove(*output, ignored); // of a program that has the recorder and nothing else
    fail("'" + program +
         "' recorded nothing: no part of it is built to be traced. Build it with CMake's coroscope::trace, or with the "
         "flags that coroscope flags prints; with -flto=thin the link needs one more, which coroscope flags --help "
         "names");
    return end->exit_code != 0 ? end->exit_code : environment_error;
  }
  say("recorded in " + *output + "; show it with: coroscope trace " + *output);
  for (const std::string &other : recordings_beside(*output, begin))
    say("a process that it started recorded in " + other);
  return end->exit_code;
}

} // namespace coroscope::tool
