// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What `diff` and `check` are given: sources, which are analysed, and reports in JSON, which are read.
//
//   files --.json or starting with {: read; else: analyse--> reports
#pragma once

#include "analyze.h"

#include <expected>
#include <filesystem>
#include <string>

namespace coroscope::tool {

/// Whether `file` is meant to be a report: by its name, or by its first letter.
bool is_report_file(const std::filesystem::path &file);

/// Without the hazards that `request` leaves out. Error: a sentence that names the file, the place in it and what was
/// expected there.
std::expected<report, std::string> read_report(const std::filesystem::path &file, const analysis_request &request);

/// All of a file; error: a sentence that names it.
std::expected<std::string, std::string> read_text(const std::filesystem::path &file);

} // namespace coroscope::tool
