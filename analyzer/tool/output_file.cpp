// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/output_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <unistd.h>

namespace coroscope::tool {

namespace {

/// A name beside `file` that no other process uses.
std::filesystem::path partial_name(const std::filesystem::path &file) {
  return file.string() + "." + std::to_string(getpid()) + ".partial";
}

bool write(const std::filesystem::path &file, std::string_view content) {
  std::FILE *stream = std::fopen(file.c_str(), "wb");
  if (!stream)
    return false;
  const bool written = std::fwrite(content.data(), 1, content.size(), stream) == content.size();
  return (std::fclose(stream) == 0) && written;
}

} // namespace

std::expected<void, std::string> write_file(const std::filesystem::path &file, std::string_view content) {
  const auto failure = [&] { return std::unexpected("cannot write '" + file.string() + "': " + std::strerror(errno)); };
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored) && !std::filesystem::is_regular_file(file, ignored))
    return write(file, content) ? std::expected<void, std::string>() : failure(); // a device or pipe stays what it is
  // Through a symbolic link the file that it names is replaced, not the link.
  const std::filesystem::path target = std::filesystem::weakly_canonical(file, ignored);
  const std::filesystem::path partial = partial_name(ignored ? file : target);
  if (!write(partial, content) || std::rename(partial.c_str(), (ignored ? file : target).c_str()) != 0) {
    auto error = failure();
    std::remove(partial.c_str());
    return error;
  }
  return {};
}

std::expected<void, std::string> check_writable(const std::filesystem::path &file) {
  std::error_code ignored;
  const bool is_there = std::filesystem::exists(file, ignored);
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const bool is_regular = !is_there || std::filesystem::is_regular_file(file, ignored);
  if (std::filesystem::is_directory(file, ignored))
    errno = EISDIR;
  else if (access(is_regular ? folder.c_str() : file.c_str(), W_OK) == 0)
    return {};
  return std::unexpected("cannot write '" + file.string() + "': " + std::strerror(errno));
}

} // namespace coroscope::tool
