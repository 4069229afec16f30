// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "recording.h"

#include "model/displayed_path.h"
#include "model/plain_name.h"
#include "trace/format.h"
#include "trace/growing_recording.h"
#include "trace/reader.h"

#include <algorithm>
#include <map>

namespace coroscope {
namespace {

using trace::recorded_coroutine;
using trace::recorded_run;

suspend_kind kind_of(const std::string &word) {
  return word == "initial" ? suspend_kind::initial
         : word == "yield" ? suspend_kind::yield
         : word == "final" ? suspend_kind::final
                           : suspend_kind::await;
}

/// As a report names it: ABI tags belong to the symbol, and a closure's number ("$_0") is the compiler's own.
std::string spoken_name(std::string name) {
  for (std::size_t at = 0; (at = name.find("[abi:", at)) != std::string::npos;)
    name.erase(at, name.find(']', at) + 1 - at);
  if (name.starts_with("_Z") && name.find("$_") != std::string::npos)
    return "(lambda)::operator()()"; // the demangler knows no generic lambda by that name
  for (std::size_t at = 0; (at = name.find("$_", at)) != std::string::npos;)
    name.replace(at, name.find_first_not_of("0123456789", at + 2) - at, "(lambda)");
  return name;
}

/// As outputs label frames: "fetch#3", from 1.
std::string frame_name(const recorded_run &run, std::uint32_t frame) {
  const auto coroutine = run.frames[frame].coroutine;
  return (coroutine ? plain_name(spoken_name(run.coroutines[*coroutine].name)) : "frame") + "#" +
         std::to_string(frame + 1);
}

traced_coroutine coroutine_of(const recorded_coroutine &recorded) {
  traced_coroutine coroutine{.mangled = recorded.mangled,
                             .name = spoken_name(recorded.name),
                             .file = displayed_path(recorded.file),
                             .line = recorded.line.value_or(0),
                             .frame_size = recorded.frame_size,
                             .layout_hash = recorded.layout_hash,
                             .build = recorded.compiler + (recorded.level.empty() ? "" : " -" + recorded.level)};
  for (const trace::recorded_point &point : recorded.points)
    coroutine.points.push_back(
        {.ordinal = point.ordinal,
         .rank = point.rank,
         .kind = kind_of(point.kind),
         .where = point.where ? std::optional(position{point.where->line, point.where->column}) : std::nullopt});
  return coroutine;
}

/// Of each resident that has a value to show, in the order of fields and residents: its number among them.
using variable_numbers = std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>;

variable_numbers add_variables(const recorded_coroutine &recorded, traced_coroutine &coroutine) {
  variable_numbers numbers;
  for (std::uint32_t f = 0; f < recorded.fields.size(); ++f)
    for (std::uint32_t r = 0; r < recorded.fields[f].residents.size(); ++r) {
      const trace::recorded_resident &resident = recorded.fields[f].residents[r];
      if (!resident.shape)
        continue;
      numbers[{f, r}] = static_cast<std::uint32_t>(coroutine.variables.size());
      const bool is_promise = recorded.fields[f].kind == "promise";
      coroutine.variables.push_back({.offset = recorded.fields[f].offset,
                                     .name = is_promise              ? "promise"
                                             : resident.name.empty() ? "(unnamed)"
                                                                     : resident.name,
                                     .type = resident.type});
    }
  return numbers;
}

std::string hex(const std::vector<std::byte> &bytes) {
  std::string text;
  for (const std::byte one : bytes)
    for (const unsigned half : {static_cast<unsigned>(one) >> 4, static_cast<unsigned>(one) & 15})
      text += "0123456789abcdef"[half];
  return text;
}

frame_contents contents_of(const trace::recorded_bytes &recorded, const variable_numbers &numbers,
                           std::uint32_t event) {
  frame_contents contents{.event = event};
  for (const auto &[offset, bytes] : recorded.changes)
    contents.changes.push_back({.offset = offset, .bytes = hex(bytes)});
  for (const trace::recorded_value &value : recorded.values)
    if (const auto known = numbers.find({value.field, value.resident}); known != numbers.end())
      contents.values.push_back({.variable = known->second, .text = value.text});
  return contents;
}

await_basis basis_of(trace::await_basis basis) {
  switch (basis) {
  case trace::await_basis::declared:
    return await_basis::declared;
  case trace::await_basis::transfer:
    return await_basis::transfer;
  case trace::await_basis::frame:
    return await_basis::frame;
  case trace::await_basis::resumed_by:
    return await_basis::resumed_by;
  }
  return await_basis::declared;
}

outsider outsider_of(trace::outsider recorded) {
  switch (recorded) {
  case trace::outsider::unknown:
    return outsider::unknown;
  case trace::outsider::loop:
    return outsider::loop;
  case trace::outsider::other_thread:
    return outsider::other_thread;
  }
  return outsider::unknown;
}

traced_event event_of(const recorded_run &run, const trace::recorded_event &recorded) {
  return {.time = recorded.time,
          .thread = recorded.thread,
          .kind = run.kind_name(recorded),
          .frame = recorded.frame,
          .point = recorded.point,
          .target = recorded.target,
          .by = recorded.by,
          .resumer = outsider_of(recorded.resumer),
          .a = recorded.a,
          .b = recorded.b};
}

/// Threads start with the program's name, so the system's number tells them apart.
std::string thread_name(const trace::recorded_thread &thread, bool is_alone) {
  if (is_alone && !thread.name.empty())
    return thread.name;
  return (thread.name.empty() ? "thread" : thread.name) + " " + std::to_string(thread.os_id);
}

std::string sentence_of(const std::filesystem::path &file, const trace::read_error &error) {
  return "'" + file.string() + "' is no recording that can be read: " + error.reason + " (at byte " +
         std::to_string(error.offset) + ")";
}

/// Tells what was recorded in the report's terms, again as it becomes more.
class run_teller {
public:
  /// Adds the coroutines and frames that `run` does not have yet; all else is told anew.
  void tell(const recorded_run &recorded, traced_run &run) {
    tell_program(recorded, run);
    for (std::size_t i = run.coroutines.size(); i < recorded.coroutines.size(); ++i) {
      run.coroutines.push_back(coroutine_of(recorded.coroutines[i]));
      numbers_.push_back(add_variables(recorded.coroutines[i], run.coroutines.back()));
    }
    for (std::size_t i = run.frames.size(); i < recorded.frames.size(); ++i)
      run.frames.push_back({.coroutine = recorded.frames[i].coroutine, .address = recorded.frames[i].address});
    tell_events(recorded, run);
  }

private:
  static void tell_program(const recorded_run &recorded, traced_run &run) {
    run.command = recorded.command;
    run.exit_code = recorded.exit_status;
    run.complete = recorded.complete;
    run.lost_events = recorded.lost;
    if (recorded.ring != 0)
      run.overwritten_events = recorded.overwritten;
    if (recorded.levels.size() == 1)
      run.level = recorded.levels.front();
    run.omissions = recorded.omissions;
    run.problems = recorded.problems;
    run.threads.clear();
    for (const trace::recorded_thread &thread : recorded.threads)
      run.threads.push_back(thread_name(thread, recorded.threads.size() == 1));
  }

  void tell_events(const recorded_run &recorded, traced_run &run) const {
    run.awaits.clear();
    for (const trace::recorded_await &one : recorded.awaits)
      run.awaits.push_back({.waiter = one.waiter,
                            .awaited = one.awaited,
                            .begin = one.begin,
                            .end = one.end,
                            .basis = basis_of(one.basis)});
    run.events.clear();
    run.contents.clear();
    run.events.reserve(recorded.events.size());
    for (const trace::recorded_event &event : recorded.events) {
      if (event.frame) // the loop may have spoken of it before it was known
        run.frames[*event.frame].coroutine = recorded.frames[*event.frame].coroutine;
      if (event.bytes)
        run.contents.push_back(contents_of(recorded.bytes[*event.bytes],
                                           numbers_[*recorded.frames[*event.frame].coroutine],
                                           static_cast<std::uint32_t>(run.events.size())));
      run.events.push_back(event_of(recorded, event));
    }
  }

  std::vector<variable_numbers> numbers_; ///< by coroutine
};

/// The lowering of `symbol` with that layout, and whether there was one of the symbol at all.
struct match {
  std::optional<coroutine_id> coroutine;
  const level_lowering *lowering = nullptr;
  std::string others; ///< layouts that do not fit, with their builds
};

match find_lowering(const report &report, const traced_coroutine &wanted) {
  match found;
  for (std::uint32_t i = 0; i < report.coroutines.size(); ++i)
    for (const level_lowering &lowering : report.coroutines[i].lowerings) {
      if (lowering.symbol != wanted.mangled)
        continue;
      if (lowering.layout_hash == wanted.layout_hash)
        return {.coroutine = coroutine_id{i}, .lowering = &lowering};
      const std::vector<unit_id> &units = report.coroutines[i].units;
      found.others += (found.others.empty() ? "" : ", ") + lowering.layout_hash + " by " +
                      (units.empty() ? "" : report.units.at(units.front().value).compiler) + " -" + lowering.level;
    }
  return found;
}

void join_coroutine(const report &report, traced_run &run, traced_coroutine &coroutine) {
  const match found = find_lowering(report, coroutine);
  if (!found.coroutine) {
    if (!found.others.empty())
      run.problems.push_back(coroutine.name + " was recorded with another layout than this report shows: " +
                             std::to_string(coroutine.frame_size) + " bytes, " + coroutine.layout_hash +
                             (coroutine.build.empty() ? "" : " by " + coroutine.build) + "; the report has " +
                             found.others + ". Record and report the same source with the same flags");
    return;
  }
  coroutine.joined = found.coroutine;
  coroutine.name = report.coroutines[found.coroutine->value].name;
  for (traced_point &point : coroutine.points)
    for (const lowered_point &lowered : found.lowering->points)
      if (lowered.ordinal == point.ordinal)
        point.point = lowered.point;
}

} // namespace

std::expected<traced_run, std::string> read_run(const std::filesystem::path &file) {
  const auto recorded = trace::read_recording(file, frame_name);
  if (!recorded)
    return std::unexpected(sentence_of(file, recorded.error()));
  traced_run run;
  run_teller().tell(*recorded, run);
  return run;
}

struct growing_run::reading {
  explicit reading(const std::filesystem::path &name) : file(name), recording(name, frame_name) {}

  std::filesystem::path file;
  trace::growing_recording recording;
  run_teller teller;
  traced_run run;
};

growing_run::growing_run(const std::filesystem::path &file) : reading_(std::make_unique<reading>(file)) {}
growing_run::~growing_run() = default;

std::expected<traced_run *, std::string> growing_run::read_on(bool is_last) {
  const auto recorded = reading_->recording.read_on(is_last);
  if (!recorded)
    return std::unexpected(sentence_of(reading_->file, recorded.error()));
  reading_->teller.tell(**recorded, reading_->run);
  return &reading_->run;
}

bool is_being_recorded(const std::filesystem::path &file) { return trace::is_being_recorded(file); }

bool holds_events(const std::filesystem::path &file) { return trace::holds_events(file); }

const std::vector<std::string> &trace_kinds() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    const auto is_part_of_another = [](const trace::format::kind_row &row) {
      const auto kind = static_cast<trace::event_kind>(row.number);
      return row.number == trace::format::clock_record || kind == trace::event_kind::frame_bytes ||
             kind == trace::event_kind::memory_bytes || kind == trace::event_kind::awaiter_returned;
    };
    for (const trace::format::kind_row &row : trace::format::kind_rows)
      if (!is_part_of_another(row))
        all.emplace_back(row.name);
    return all;
  }();
  return names;
}

void join_run(traced_run run, report &report) {
  for (traced_coroutine &coroutine : run.coroutines)
    join_coroutine(report, run, coroutine);
  const auto is_joined = [](const traced_coroutine &coroutine) { return coroutine.joined.has_value(); };
  if (!run.coroutines.empty() && run.problems.empty() && std::ranges::none_of(run.coroutines, is_joined))
    run.problems.push_back("no coroutine of the recording is one of this report: record the program that is reported");
  report.trace = std::move(run);
}

} // namespace coroscope
