// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Output that appears whole or not at all.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

namespace coroscope::tool {

/// Writes beside `file` and renames; what a symbolic link names is replaced, not the link, and a device or pipe is
/// written as it is. Error: a sentence that names the file; a regular `file` is then as it was.
std::expected<void, std::string> write_file(const std::filesystem::path &file, std::string_view content);

/// Whether write_file could write there; to be asked before long work is done for it.
std::expected<void, std::string> check_writable(const std::filesystem::path &file);

} // namespace coroscope::tool
