// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The subcommands. Each takes the words behind its name and returns the exit code of the tool.
#pragma once

#include "analyze.h"
#include "tool/options.h"

#include <expected>
#include <string>
#include <vector>

namespace coroscope::tool {

int dis_command(const std::vector<std::string> &words);
int run_command(const std::vector<std::string> &words);
int record_command(const std::vector<std::string> &words);
int flags_command(const std::vector<std::string> &words);
int trace_command(const std::vector<std::string> &words);
int diff_command(const std::vector<std::string> &words);
int check_command(const std::vector<std::string> &words);
int report_command(const std::vector<std::string> &words);

/// The options of every subcommand that compiles a source: -p, --extra-arg, and what stands behind "--".
extern const std::vector<option> compile_options;
frontend::command_source commands_from(const parsed_options &options);

/// The levels of a list as "O0,O2" or "-O0,-O2", each once. Error: a sentence that names `option` and the word.
std::expected<std::vector<std::string>, std::string> levels_in(const std::string &option, const std::string &list);

/// --function, --levels, --system-headers.
extern const std::vector<option> analysis_options;
std::expected<analysis_request, std::string> analysis_from(const parsed_options &options);

/// Prints the diagnostics of the units that failed. Returns the exit code.
int judge_units(const report &report);

/// judge_units, and says where there is no coroutine to show. Returns the exit
/// code.
int judge(const report &report, const analysis_request &request);

/// `more` behind `options`.
std::vector<option> joined(std::vector<option> options, const std::vector<option> &more);

} // namespace coroscope::tool
