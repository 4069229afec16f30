// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "event_text.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

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
  if (event.kind == event_kind::suspended)
    return event.a == 0 ? "" : event.a == 1 ? " completed" : " completed with an exception";
  if (event.a == 0 && event.b == 0)
    return "";
  return " " + std::to_string(event.a) + " " + std::to_string(event.b);
}

std::string basis_text(trace::await_basis basis) {
  switch (basis) {
  case trace::await_basis::declared:
    return "declared";
  case trace::await_basis::transfer:
    return "transfer";
  case trace::await_basis::frame:
    return "frame";
  case trace::await_basis::resumed_by:
    return "resumed by it";
  }
  return "";
}

/// A line a variable whose value changed.
std::string outsider_text(trace::outsider resumer) {
  switch (resumer) {
  case trace::outsider::unknown:
    return "";
  case trace::outsider::loop:
    return " by the loop";
  case trace::outsider::other_thread:
    return " by another thread";
  }
  return "";
}

/// Addresses of memory differ from run to run.
std::string without_addresses(const std::string &text) {
  static const std::regex address("0x[0-9a-f]{6,}");
  return std::regex_replace(text, address, "0x…");
}

std::string values_text(const trace::recorded_coroutine &coroutine, const trace::recorded_bytes &bytes) {
  std::string text;
  for (const trace::recorded_value &value : bytes.values)
    text += "    " + coroutine.fields.at(value.field).residents.at(value.resident).name +
            (value.text ? " = " + without_addresses(*value.text) : " has no value") + "\n";
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
    text += arguments_text(event) + (event.by ? " by #" + std::to_string(*event.by) : "") +
            outsider_text(event.resumer) + "\n";
    if (event.bytes)
      text += values_text(*coroutine, run.bytes.at(*event.bytes));
  }
  for (const trace::recorded_await &one : run.awaits)
    text += "#" + std::to_string(one.waiter) + " waits for #" + std::to_string(one.awaited) + " from event " +
            std::to_string(one.begin) + (one.end ? " to " + std::to_string(*one.end) : "") + ": " +
            basis_text(one.basis) + "\n";
  return text;
}

trace::recorded_run read_run(const std::string &file) {
  auto run = trace::read_recording(std::filesystem::path(file));
  if (!run)
    FAIL(file << ": byte " << run.error().offset << ": " << run.error().reason);
  return *std::move(run);
}

} // namespace coroscope::test
