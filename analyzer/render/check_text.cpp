// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/check_text.h"

#include "render/diff_phrases.h"
#include "render/markdown.h"
#include "render/phrases.h"
#include "render/table.h"

#include <algorithm>
#include <cstdio>

namespace coroscope::render {
namespace {

using compare::breach;
using compare::limit;
using compare::limits;

/// At most one digit behind the point: "25", "12.5".
std::string percent(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.1f", value);
  std::string number = text;
  return (number.ends_with(".0") ? number.substr(0, number.size() - 2) : number) + "%";
}

const std::string &caller_of(const report &report, const breach &breach) {
  return breach.coroutine ? report.coroutines.at(breach.coroutine->value).name : breach.call->caller;
}

std::uint64_t size_of(const report &report, coroutine_id id, const std::string &level) {
  const level_lowering *lowering = compare::lowering_at(report.coroutines.at(id.value), level);
  return lowering && lowering->frame ? lowering->frame->size : 0;
}

std::string object_line(const report &report, const compare::object &object) {
  std::string text = std::to_string(object.size) + (object.size == 1 ? " byte" : " bytes") + " at offset " +
                     std::to_string(object.offset) + (object.sharing.empty() ? ": " : ", in a shared slot: ") +
                     object_name(object);
  if (object.type)
    text += ", " + *object.type;
  return object.where ? text + ", " + at(report, *object.where, true) : text;
}

std::size_t breaches_in(const std::vector<checked_report> &checked) {
  std::size_t count = 0;
  for (const checked_report &report : checked)
    count += report.verdict.breaches.size();
  return count;
}

} // namespace

std::string rule_name(const breach &breach) {
  switch (breach.broken) {
  case limit::frame_size:
    return "frame-size";
  case limit::frame_growth:
    return "frame-growth";
  case limit::elision:
    return "call-not-elided";
  case limit::hazard:
    return breach.hazard->name;
  }
  return "";
}

std::string breach_message(const report &report, const breach &breach, const limits &limits) {
  const auto frame = [&] {
    return "the frame of " + report.coroutines.at(breach.coroutine->value).name + " is " + std::to_string(breach.size) +
           " bytes at -" + limits.level;
  };
  switch (breach.broken) {
  case limit::frame_size:
    return frame() + ", more than " + std::to_string(*limits.max_frame);
  case limit::frame_growth: {
    const auto before = static_cast<double>(breach.baseline);
    return frame() + ", " + percent((static_cast<double>(breach.size) - before) * 100 / before) + " more than the " +
           std::to_string(breach.baseline) + " of the baseline, where " + percent(limits.max_growth) + " is allowed";
  }
  case limit::elision:
    return "the call of " + breach.call->callee + " in " + caller_of(report, breach) + " is not elided at -" +
           limits.level + (breach.call->reason.empty() ? "" : ": " + breach.call->reason);
  case limit::hazard:
    return breach.hazard->message;
  }
  return "";
}

std::string check_summary(const std::vector<checked_report> &checked, const limits &limits) {
  std::size_t frames = 0, calls = 0, unknown = 0;
  std::uint64_t largest = 0;
  std::string name;
  for (const checked_report &report : checked) {
    frames += report.verdict.frames;
    calls += report.verdict.calls;
    unknown += report.verdict.not_in_baseline;
    if (!report.verdict.largest)
      continue;
    if (const std::uint64_t size = size_of(report.value, *report.verdict.largest, limits.level); size > largest) {
      largest = size;
      name = report.value.coroutines.at(report.verdict.largest->value).name;
    }
  }
  const std::size_t breaches = breaches_in(checked);
  std::string text = std::to_string(frames) + (frames == 1 ? " frame" : " frames");
  if (limits.must_be_elided)
    text += " and " + std::to_string(calls) + (calls == 1 ? " call" : " calls");
  text += " checked at -" + limits.level + ": ";
  text += breaches == 0 ? "within the limits" : std::to_string(breaches) + (breaches == 1 ? " finding" : " findings");
  if (largest != 0)
    text += "; the largest frame has " + std::to_string(largest) + " bytes: " + name;
  if (unknown != 0)
    text += "; " + std::to_string(unknown) + " not in the baseline";
  return text;
}

std::string check_text(const std::vector<checked_report> &checked, const limits &limits) {
  std::string text;
  for (const checked_report &report : checked) {
    for (const breach &breach : report.verdict.breaches) {
      text += (breach.where ? at(report.value, *breach.where, true) + ": " : "") +
              "error: " + breach_message(report.value, breach, limits) + " [" + rule_name(breach) + "]\n";
      for (const compare::object &object : breach.largest)
        text += "    " + object_line(report.value, object) + "\n";
      if (breach.call && breach.call->reason_where)
        text += "    " + at(report.value, *breach.call->reason_where, true) + ": " + breach.call->reason + "\n";
      if (breach.hazard)
        for (const witness &witness : breach.hazard->because)
          text += "    " + (witness.place ? at(report.value, *witness.place, true) + ": " : "") + witness.what + "\n";
    }
  }
  return text + check_summary(checked, limits) + "\n";
}

std::string check_markdown(const std::vector<checked_report> &checked, const limits &limits) {
  std::string text = "**coroscope:** " + markdown_text(check_summary(checked, limits)) + "\n";
  if (breaches_in(checked) == 0)
    return text;
  text += "\n| rule | where | what | largest objects |\n|---|---|---|---|\n";
  for (const checked_report &report : checked) {
    for (const breach &breach : report.verdict.breaches) {
      std::string largest;
      for (const compare::object &object : breach.largest)
        largest +=
            (largest.empty() ? "" : ", ") + markdown_code(object_name(object)) + " " + std::to_string(object.size);
      text += "| " + rule_name(breach) + " | " +
              (breach.where ? markdown_code(at(report.value, *breach.where, true)) : "") + " | " +
              markdown_text(breach_message(report.value, breach, limits)) + " | " + largest + " |\n";
    }
  }
  return text;
}

} // namespace coroscope::render
