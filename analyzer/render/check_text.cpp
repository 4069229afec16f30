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

std::string object_line(const report &report, const compare::object &object) {
  std::string text = std::to_string(object.size) + (object.size == 1 ? " byte" : " bytes") + " at offset " +
                     std::to_string(object.offset) + (object.sharing.empty() ? ": " : ", in a shared slot: ") +
                     object_name(object);
  if (object.type)
    text += ", " + *object.type;
  return object.where ? text + ", " + at(report, *object.where, true) : text;
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

std::string check_summary(const checked_report &checked, const limits &limits) {
  const compare::verdict_of_check &verdict = checked.verdict;
  const std::size_t breaches = verdict.breaches.size();
  std::string text = std::to_string(verdict.frames) + (verdict.frames == 1 ? " frame" : " frames");
  if (limits.must_be_elided)
    text += " and " + std::to_string(verdict.calls) + (verdict.calls == 1 ? " call" : " calls");
  text += " checked at -" + limits.level + ": ";
  text += breaches == 0 ? "within the limits" : std::to_string(breaches) + (breaches == 1 ? " finding" : " findings");
  if (verdict.largest) {
    const coroutine &largest = checked.value.coroutines.at(verdict.largest->value);
    text += "; the largest frame has " + std::to_string(compare::lowering_at(largest, limits.level)->frame->size) +
            " bytes: " + largest.name;
  }
  if (verdict.not_in_baseline != 0)
    text += "; " + std::to_string(verdict.not_in_baseline) + " not in the baseline";
  return text;
}

std::string check_text(const checked_report &checked, const limits &limits) {
  const report &report = checked.value;
  std::string text;
  for (const breach &breach : checked.verdict.breaches) {
    text += (breach.where ? at(report, *breach.where, true) + ": " : "") +
            "error: " + breach_message(report, breach, limits) + " [" + rule_name(breach) + "]\n";
    for (const compare::object &object : breach.largest)
      text += "    " + object_line(report, object) + "\n";
    if (breach.call && breach.call->reason_where)
      text += "    " + at(report, *breach.call->reason_where, true) + ": " + breach.call->reason + "\n";
    if (breach.hazard)
      for (const witness &witness : breach.hazard->because)
        text += "    " + (witness.place ? at(report, *witness.place, true) + ": " : "") + witness.what + "\n";
  }
  return text + check_summary(checked, limits) + "\n";
}

std::string check_markdown(const checked_report &checked, const limits &limits) {
  const report &report = checked.value;
  std::string text = "**coroscope:** " + markdown_text(check_summary(checked, limits)) + "\n";
  if (checked.verdict.breaches.empty())
    return text;
  text += "\n| rule | where | what | largest objects |\n|---|---|---|---|\n";
  for (const breach &breach : checked.verdict.breaches) {
    std::string largest;
    for (const compare::object &object : breach.largest)
      largest += (largest.empty() ? "" : ", ") + markdown_code(object_name(object)) + " " + std::to_string(object.size);
    text += "| " + rule_name(breach) + " | " + (breach.where ? markdown_code(at(report, *breach.where, true)) : "") +
            " | " + markdown_text(breach_message(report, breach, limits)) + " | " + largest + " |\n";
  }
  return text;
}

} // namespace coroscope::render
