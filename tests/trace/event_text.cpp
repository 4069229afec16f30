// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "event_text.h"

#include <algorithm>
#include <catch2/catch.hpp>

namespace coroscope::test {
namespace {

using trace::event_kind;

std::string point_text(const trace::recorded_coroutine *coroutine, std::uint32_t ordinal) {
  std::string text = " at " + std::to_string(ordinal);
  if (!coroutine)
    return text;
  const auto point = std::ranges::find(coroutine->points, ordinal, &trace::recorded_point::ordinal);
  if (point == coroutine->points.end())
    return text + " (not in the table)";
  text += " " + point->kind;
  if (point->where)
    text += " " + std::to_string(point->where->line) + ":" + std::to_string(point->where->column);
  return text;
}

std::string arguments_text(const trace::recorded_event &event) {
  if (event.kind == event_kind::frame_created)
    return event.a != 0 ? " allocated" : " elided";
  if (event.target)
    return " #" + std::to_string(*event.target);
  if (event.a == 0 && event.b == 0)
    return "";
  return " " + std::to_string(event.a) + " " + std::to_string(event.b);
}

/// A line a variable whose value changed.
std::string values_text(const trace::recorded_coroutine &coroutine, const trace::recorded_bytes &bytes) {
  std::string text;
  for (const trace::recorded_value &value : bytes.values)
    text += "    " + coroutine.fields.at(value.field).residents.at(value.resident).name +
            (value.text ? " = " + *value.text : " has no value") + "\n";
  return text;
}

} // namespace

std::string event_text(const trace::recorded_run &run) {
  std::string text;
  for (const trace::recorded_event &event : run.events) {
    text += run.kind_name(event);
    const trace::recorded_coroutine *coroutine = nullptr;
    if (event.frame) {
      text += " #" + std::to_string(*event.frame);
      if (const auto index = run.frames[*event.frame].coroutine) {
        coroutine = &run.coroutines[*index];
        text += " " + coroutine->name;
      }
    }
    if (event.point)
      text += point_text(coroutine, *event.point);
    text += arguments_text(event) + "\n";
    if (event.bytes)
      text += values_text(*coroutine, run.bytes.at(*event.bytes));
  }
  return text;
}

trace::recorded_run read_run(const std::string &file) {
  auto run = trace::read_recording(std::filesystem::path(file));
  if (!run)
    FAIL(file << ": byte " << run.error().offset << ": " << run.error().reason);
  return *std::move(run);
}

} // namespace coroscope::test
