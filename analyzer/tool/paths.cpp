// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/paths.h"

#include <iterator>
#include <sstream>

namespace coroscope::tool {
namespace {

std::filesystem::path prefix() {
  static const std::filesystem::path found = std::filesystem::canonical("/proc/self/exe").parent_path().parent_path();
  return found;
}

std::filesystem::path library_directory() { return prefix() / COROSCOPE_LIBDIR; }

} // namespace

std::filesystem::path include_directory() { return prefix() / "include"; }
std::filesystem::path runtime_library() {
  const std::filesystem::path traced = library_directory() / "libcoroscope_runtime_traced.a";
  return std::filesystem::exists(traced) ? traced : library_directory() / "libcoroscope_runtime.a";
}
std::filesystem::path trace_library() { return library_directory() / "libcoroscope_trace.a"; }
std::vector<std::string> trace_link_flags() {
  std::istringstream words(COROSCOPE_TRACE_LINK_FLAGS);
  return {std::istream_iterator<std::string>(words), {}};
}
std::filesystem::path pass_plugin() { return library_directory() / "coroscope" / "libcoroscope_instrument.so"; }

} // namespace coroscope::tool
