// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a report writes a path: as the user would type it.
#pragma once

#include <filesystem>
#include <string>

namespace coroscope {

/// `path` from the working directory where it lies below it, else absolute; "" stays "".
inline std::string displayed_path(const std::string &path) {
  if (path.empty())
    return path;
  const std::filesystem::path absolute = std::filesystem::absolute(path).lexically_normal();
  const std::filesystem::path below = absolute.lexically_relative(std::filesystem::current_path());
  return below.empty() || below.string().starts_with("..") ? absolute.string() : below.string();
}

} // namespace coroscope
