// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/report_input.h"

#include "render/json.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace coroscope::tool {
namespace {

// As values in memory a report is some ten times as large as its text.
constexpr std::uintmax_t largest_report = std::uintmax_t{1} << 30;

} // namespace

bool is_report_file(const std::filesystem::path &file) {
  if (file.extension() == ".json")
    return true;
  std::ifstream stream(file, std::ios::binary);
  char first = 0;
  return stream >> first && first == '{';
}

std::expected<std::string, std::string> read_text(const std::filesystem::path &file) {
  const std::string name = "'" + file.string() + "'";
  std::error_code none;
  if (!std::filesystem::exists(file, none))
    return std::unexpected("no file " + name);
  if (std::filesystem::is_directory(file, none))
    return std::unexpected(name + " is a directory: name a file in it");
  if (std::filesystem::is_regular_file(file, none) && std::filesystem::file_size(file, none) > largest_report)
    return std::unexpected(name + " is larger than 1 GiB: make a report of fewer files, or without IR and sources");
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream && stream.peek() != std::ifstream::traits_type::eof())
    text << stream.rdbuf();
  if (stream.bad() || !stream.is_open())
    return std::unexpected("cannot read " + name + ": " + std::strerror(errno));
  return std::move(text).str();
}

std::expected<report, std::string> read_report(const std::filesystem::path &file, const analysis_request &request) {
  const auto text = read_text(file);
  if (!text)
    return std::unexpected(text.error());
  auto report = render::read_json(*text);
  if (!report)
    return std::unexpected("'" + file.string() + "' is no report that can be read: " + report.error());
  const std::vector<std::string> &without = request.without_hazards;
  std::erase_if(report->hazards,
                [&](const hazard &one) { return std::ranges::find(without, one.name) != without.end(); });
  return report;
}

} // namespace coroscope::tool
