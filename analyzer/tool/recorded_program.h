// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What `run` and `report --run` share: options -> traced program -> its end and its recording.
#pragma once

#include "tool/commands.h"
#include "traced_program.h"

#include <expected>
#include <filesystem>
#include <utility>

namespace coroscope::tool {

/// A directory of our own for one call, gone with it.
class scratch_directory {
public:
  scratch_directory();
  ~scratch_directory();
  scratch_directory(scratch_directory &&other) noexcept : path_(std::exchange(other.path_, {})) {}
  scratch_directory &operator=(scratch_directory &&) = delete;

  [[nodiscard]] const std::filesystem::path &path() const { return path_; }

private:
  std::filesystem::path path_;
};

class recording_file {
public:
  explicit recording_file(scratch_directory directory) : directory_(std::move(directory)) {}
  [[nodiscard]] std::filesystem::path path() const { return directory_.path() / "run.corotrace"; }
  /// Puts the recording where the user wants it, whole or not at all.
  [[nodiscard]] std::expected<void, std::string> keep(const std::filesystem::path &as) const;

private:
  scratch_directory directory_;
};

struct recorded_program {
  program_end end;
  recording_file recording;
};

/// Whether and how much of frames is recorded.
struct frame_recording {
  std::uint64_t limit = 0; ///< bytes of each frame
  std::uint64_t budget = 0;
  std::uint64_t ring = 0; ///< bytes of the last events; 0: all are kept
};
inline constexpr frame_recording default_frames{.limit = 4096, .budget = 256ull * 1024 * 1024};

/// --frames, --frame-limit=BYTES, --frame-budget=BYTES, --ring=SIZE.
extern const std::vector<option> frame_options;

/// What they say; `otherwise` where none of them is given. Error: a sentence.
std::expected<frame_recording, std::string> frames_from(const parsed_options &options, frame_recording otherwise = {});

/// -O0 … -Oz, --arg, --link-arg.
extern const std::vector<option> program_options;

/// Builds and runs the program that the operands make; a signal that ended it is named on stderr.
std::expected<recorded_program, build_failure> record_program(const parsed_options &options, frame_recording frames);

/// Says the failure; returns the exit code.
int fail_to_record(const build_failure &failure);

/// The level the options name, "O0" where none.
std::string program_level(const parsed_options &options);

} // namespace coroscope::tool
