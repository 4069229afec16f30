// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/recorded_program.h"

#include "tool/console.h"
#include "tool/output_file.h"
#include "tool/paths.h"
#include "tool/sizes.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace coroscope::tool {

const std::vector<option> program_options = {{"-O0", false}, {"-O1", false}, {"-O2", false},  {"-O3", false},
                                             {"-Os", false}, {"-Oz", false}, {"--arg", true}, {"--link-arg", true}};

const std::vector<option> frame_options = {
    {"--frames", false}, {"--frame-limit", true}, {"--frame-budget", true}, {"--ring", true}};

std::expected<frame_recording, std::string> frames_from(const parsed_options &options, frame_recording otherwise) {
  frame_recording frames = otherwise;
  for (const auto &[name, bytes] :
       {std::pair{"--frame-limit", &frame_recording::limit}, std::pair{"--frame-budget", &frame_recording::budget}})
    if (options.has("--frames") || options.has("--frame-limit") || options.has("--frame-budget")) {
      frames.*bytes = default_frames.*bytes;
      if (const auto text = options.value(name)) {
        const auto size = bytes_in(*text);
        if (!size)
          return std::unexpected(std::string(name) + ": '" + *text + "' is no size; write it as 4096, 4K or 1M");
        frames.*bytes = *size;
      }
    }
  if (const auto text = options.value("--ring")) {
    const auto size = bytes_in(*text);
    if (!size || *size == 0)
      return std::unexpected("--ring: '" + *text + "' is no size; write it as 65536, 512K or 16M");
    frames.ring = *size;
  }
  return frames;
}

scratch_directory::scratch_directory() {
  std::error_code error;
  std::string name = (std::filesystem::temp_directory_path(error) / "coroscope-XXXXXX").string();
  if (error || !mkdtemp(name.data()))
    name.clear();
  path_ = name;
}

scratch_directory::~scratch_directory() {
  std::error_code ignored;
  if (!path_.empty())
    std::filesystem::remove_all(path_, ignored);
}

std::expected<void, std::string> recording_file::keep(const std::filesystem::path &as) const {
  std::ifstream stream(path(), std::ios::binary);
  std::ostringstream bytes;
  if (!stream || !(bytes << stream.rdbuf()))
    return std::unexpected("the program left no recording to put into '" + as.string() + "'");
  return write_file(as, bytes.str());
}

std::string program_level(const parsed_options &options) {
  std::string level = "O0";
  for (const auto &[name, value] : options.given)
    if (name.starts_with("-O"))
      level = name.substr(1);
  return level;
}

std::expected<recorded_program, build_failure> record_program(const parsed_options &options, frame_recording frames) {
  if (options.operands.empty())
    return std::unexpected(build_failure{.message = "no source file is named"});
  scratch_directory directory;
  if (directory.path().empty())
    return std::unexpected(
        build_failure{.message = "cannot make a temporary directory: set TMPDIR to one that can be written"});
  const program_request request{.files = options.operands,
                                .level = program_level(options),
                                .commands = commands_from(options),
                                .link_arguments = options.values("--link-arg"),
                                .kit = {.plugin = pass_plugin(),
                                        .libraries = {runtime_library(), trace_library()},
                                        .link_flags = trace_link_flags()},
                                .progress = progress};
  const std::filesystem::path program = directory.path() / std::filesystem::path(request.files.front()).stem();
  if (auto built = build_program(request, program); !built)
    return std::unexpected(built.error());
  progress("");
  recording_file recording(std::move(directory));
  std::vector<std::string> command = options.values("--arg");
  command.insert(command.begin(), program.string());
  const auto end = run_program(
      command,
      {.file = recording.path(), .frame_limit = frames.limit, .frame_budget = frames.budget, .ring = frames.ring});
  if (!end)
    return std::unexpected(build_failure{.message = end.error()});
  if (end->signal != 0)
    say("the program was ended by signal " + std::to_string(end->signal) + " (" + strsignal(end->signal) +
        "); the recording goes up to there");
  return recorded_program{*end, std::move(recording)};
}

int fail_to_record(const build_failure &failure) {
  fail(failure.message);
  return failure.is_users_source ? source_error : environment_error;
}

} // namespace coroscope::tool
