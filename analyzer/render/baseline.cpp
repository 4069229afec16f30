// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/baseline.h"

#include "render/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace coroscope::render {
namespace {

using nlohmann::ordered_json;

constexpr const char *baseline_schema = "coroscope-baseline/1";

file_id file_of(const std::string &path, report &report) {
  const auto known = std::ranges::find(report.files, path, &source_file::path);
  const file_id id{static_cast<std::uint32_t>(known - report.files.begin())};
  if (known == report.files.end())
    report.files.push_back({.path = path});
  return id;
}

/// What is wrong with the entry; "" where it was taken.
std::string take(const ordered_json &entry, report &report) {
  if (!entry.is_object())
    return ": an object was expected";
  for (const char *name : {"file", "name", "mangled", "level"})
    if (!entry.contains(name) || !entry[name].is_string())
      return std::string("/") + name + ": a string was expected";
  if (!entry.contains("size") || !entry["size"].is_number_unsigned())
    return "/size: a whole number in range was expected";
  const file_id file = file_of(entry["file"].get<std::string>(), report);
  const auto size = entry["size"].get<std::uint64_t>();
  report.coroutines.push_back(
      {.name = entry["name"].get<std::string>(),
       .mangled = entry["mangled"].get<std::string>(),
       .where = {.file = file, .begin = {}, .end = {}, .expansions = {}},
       .lowerings = {{.level = entry["level"].get<std::string>(), .frame = frame{.size = size}}}});
  return "";
}

} // namespace

std::string baseline(const report &report, const std::string &level) {
  std::set<std::string> lines;
  for (const coroutine &coroutine : report.coroutines)
    for (const level_lowering &lowering : coroutine.lowerings)
      if (lowering.level == level && lowering.frame)
        lines.insert(ordered_json{{"file", report.files.at(coroutine.where.file.value).path},
                                  {"name", coroutine.name},
                                  {"mangled", coroutine.mangled},
                                  {"level", level},
                                  {"size", lowering.frame->size}}
                         .dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  std::string text = std::string("{\"schema\": \"") + baseline_schema + "\", \"frames\": [";
  for (const std::string &line : lines)
    text += (line == *lines.begin() ? "\n  " : ",\n  ") + line;
  return text + "\n]}\n";
}

std::expected<report, std::string> read_baseline(std::string_view text) {
  const ordered_json json = ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || json.value("schema", ordered_json()) == report_schema)
    return read_json(text);
  if (json.value("schema", ordered_json()) != baseline_schema)
    return std::unexpected(std::string("schema: \"") + baseline_schema + "\" or \"" + report_schema +
                           "\" was expected");
  if (!json.contains("frames") || !json["frames"].is_array())
    return std::unexpected("/frames: an array was expected");
  report report;
  for (std::size_t i = 0; i < json["frames"].size(); ++i)
    if (const std::string fault = take(json["frames"][i], report); !fault.empty())
      return std::unexpected("/frames/" + std::to_string(i) + fault);
  return report;
}

} // namespace coroscope::render
