// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one entry: what the user asks about, and the report that answers.
//
//   analysis_request --frontend: parse, lower--> facts + lowerings --join--> report
#pragma once

#include "frontend/command.h"
#include "isolated.h"
#include "model/failed.h"
#include "model/report.h"

#include <expected>
#include <string>
#include <vector>

namespace coroscope {

struct analysis_request {
  std::vector<std::string> files;                 ///< none: every C++ file of the data base that `commands` names
  std::vector<std::string> levels = {"O0", "O2"}; ///< in the order of the report
  frontend::command_source commands;
  std::string function_regex; ///< keep coroutines whose name or symbol it is found in; "" keeps all
  bool with_sources = false;  ///< source text and tokens
  bool with_ir = false;       ///< IR of each function
  bool with_assembly = false; ///< machine code of each function and its stack use
  bool system_headers = false;
  std::vector<std::string> without_hazards; ///< names of the rules that are switched off
  isolation limits;                         ///< each file is analysed in a process of its own
  /// Told what is being done, for a progress line.
  void (*progress)(const std::string &what) = [](const std::string &) {};
};

/// A file that does not compile, or that the compiler crashes on, is no error: its unit carries the diagnostics. Error:
/// a sentence about the environment or the request (no such file, no compiler, a regular expression that is none).
std::expected<report, std::string> analyze(const analysis_request &request);

/// The rules that find hazards, by name.
std::vector<std::string> hazard_rules();

} // namespace coroscope
