// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "batch.h"

#include "frontend/compile.h"
#include "merge.h"
#include "model/displayed_path.h"
#include "model/failed.h"
#include "model/packed.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

namespace coroscope {
namespace {

std::string name_of_signal(int signal) {
  const char *name = sigabbrev_np(signal);
  return name ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

/// What ended the child, in a sentence.
std::string end_of(const child_result &result, isolation limits) {
  if (result.timed_out)
    return "the analysis of this file was stopped after " + std::to_string(limits.timeout.count()) +
           " seconds; --timeout=SECONDS gives it more";
  if (result.signal == SIGKILL)
    return "the analysis of this file was killed, as the system does when memory runs out; a smaller -j leaves each "
           "file more";
  if (result.signal != 0)
    return "the compiler crashed on this file with " + name_of_signal(result.signal);
  return "the compiler gave up on this file";
}

/// What the compiler printed last, and the stack that it keeps of what it is doing ("1. <eof> parser at end of file"),
/// outermost first; the lines of a native stack say nothing without symbols.
std::vector<std::string> last_words(const std::string &said) {
  constexpr std::size_t most = 12;
  std::vector<std::string> lines;
  std::istringstream stream(said);
  for (std::string line; std::getline(stream, line);) {
    const bool is_native = line.starts_with(" #") || line.starts_with("#");
    const bool is_plea = line.starts_with("PLEASE ") || line.starts_with("Stack dump") ||
                         line.find("Program arguments:") != std::string::npos;
    std::ranges::replace(line, '\t', ' ');
    if (!line.empty() && !is_native && !is_plea)
      lines.push_back(line);
  }
  if (lines.size() > most)
    lines.erase(lines.begin(), lines.end() - most);
  return lines;
}

report report_of_crash(const frontend::compile_command &command, const child_result &result, isolation limits) {
  unit unit = frontend::described_unit(command);
  unit.diagnostics.push_back({.level = severity::fatal, .message = end_of(result, limits)});
  for (const std::string &line : last_words(result.said))
    unit.diagnostics.push_back({.level = severity::note, .message = line});
  if (!result.timed_out && result.signal != SIGKILL)
    unit.diagnostics.push_back(
        {.level = severity::note,
         .message = "where 'clang++-22 -c' with the flags of this file ends like that too, it is a bug of clang"});
  report report;
  report.units.push_back(std::move(unit));
  return report;
}

/// "analysing b.cpp", or of many "analysing 3/20, 1 failed, last b.cpp".
std::string progress_text(std::size_t ended, std::size_t count, std::size_t failures, const std::string &file) {
  if (count == 1)
    return "analysing " + file;
  return "analysing " + std::to_string(ended) + "/" + std::to_string(count) +
         (failures == 0 ? "" : ", " + std::to_string(failures) + " failed") + (ended == 0 ? "" : ", last " + file);
}

} // namespace

unsigned default_jobs() {
  constexpr unsigned long kilobytes_of_one = 700 << 10; // a large unit with several levels
  const unsigned processors = std::max(std::thread::hardware_concurrency(), 1u);
  std::ifstream memory("/proc/meminfo");
  for (std::string line; std::getline(memory, line);) {
    std::istringstream words(line);
    std::string name;
    unsigned long kilobytes = 0;
    if (words >> name >> kilobytes && name == "MemAvailable:")
      return std::clamp(static_cast<unsigned>(kilobytes / kilobytes_of_one), 1u, processors);
  }
  return processors;
}

report analyze_each(const std::vector<frontend::compile_command> &commands, isolation limits,
                    const std::function<report(const frontend::compile_command &)> &analysis,
                    const std::function<void(const std::string &what)> &progress) {
  std::vector<report> reports(commands.size());
  std::size_t ended = 0;
  std::size_t failures = 0;
  const auto tell = [&](const std::string &file) {
    progress(progress_text(ended, commands.size(), failures, displayed_path(file)));
  };
  if (!commands.empty())
    tell(commands.front().file);
  const auto work = [&](std::size_t number) { return pack(analysis(commands[number])); };
  run_isolated(commands.size(), limits, work, [&](std::size_t number, const child_result &result) {
    report &report = reports[number];
    report = result.answer ? unpack(*result.answer) : report_of_crash(commands[number], result, limits);
    ++ended;
    failures += std::ranges::any_of(report.units, failed) ? 1 : 0;
    tell(commands[number].file);
  });
  merger all;
  for (report &report : reports)
    all.add(std::move(report));
  return all.take();
}

} // namespace coroscope
