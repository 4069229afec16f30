// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes a program of source files whose coroutines report what they do, and runs it.
//
//   source files --clang++-22 with the pass plugin--> program --run--> exit status + FILE.corotrace
#pragma once

#include "frontend/command.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace coroscope {

/// Where the pieces are that a traced program is made with.
struct tracing_kit {
  std::filesystem::path plugin;
  std::vector<std::filesystem::path> libraries; ///< in link order
  std::vector<std::string> link_flags;
};

struct program_request {
  std::vector<std::string> files; ///< together one program
  std::string level = "O0";
  frontend::command_source commands;
  std::vector<std::string> link_arguments;
  tracing_kit kit;
  void (*progress)(const std::string &what) = [](const std::string &) {};
};

struct build_failure {
  bool is_users_source = false; ///< the compiler rejected a file, and said why on stderr
  std::string message;
};

/// Builds the program as `output`, with objects beside it. The compiler speaks to stderr.
std::expected<void, build_failure> build_program(const program_request &request, const std::filesystem::path &output);

struct program_end {
  int exit_code = 0; ///< 128 + N where signal N ended it, as a shell says
  int signal = 0;    ///< 0: it ended by itself
};

struct recording_request {
  std::filesystem::path file;     ///< "": nothing is recorded
  std::uint64_t frame_limit = 0;  ///< bytes of each frame that are recorded at its suspends and resumes; 0: none
  std::uint64_t frame_budget = 0; ///< bytes of the recording that frames may take
  std::uint64_t ring = 0;         ///< bytes of the last events that are kept; 0: all are
};

/// Runs a program, which is looked for as a shell does, with this process's standard streams. Ctrl-C reaches the
/// program, not the caller. Error: a sentence.
std::expected<program_end, std::string> run_program(const std::vector<std::string> &command,
                                                    const recording_request &recording);

} // namespace coroscope
