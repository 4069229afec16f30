// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/output_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <unistd.h>

namespace coroscope::tool {

std::filesystem::path partial_name(const std::filesystem::path &file) {
  return file.string() + "." + std::to_string(getpid()) + ".partial";
}

std::expected<void, std::string> write_file(const std::filesystem::path &file, std::string_view content) {
  const auto failure = [&] { return std::unexpected("cannot write '" + file.string() + "': " + std::strerror(errno)); };
  if (std::filesystem::is_directory(file)) {
    errno = EISDIR;
    return failure();
  }
  const std::filesystem::path partial = partial_name(file);
  std::FILE *stream = std::fopen(partial.c_str(), "wb");
  if (!stream)
    return failure();
  const bool written = std::fwrite(content.data(), 1, content.size(), stream) == content.size();
  const bool closed = std::fclose(stream) == 0;
  if (!written || !closed || std::rename(partial.c_str(), file.c_str()) != 0) {
    auto error = failure();
    std::remove(partial.c_str());
    return error;
  }
  return {};
}

} // namespace coroscope::tool
