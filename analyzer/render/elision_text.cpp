// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/elision_text.h"

#include "render/phrases.h"
#include "render/table.h"
#include "render/words.h"

#include <algorithm>
#include <vector>

namespace coroscope::render {
namespace {

using enum table::align;

std::string reason_text(const report &report, const elision &one) {
  std::string text = one.reason;
  if (one.reason_where &&
      (!one.call || one.reason_where->file != one.call->file || one.reason_where->begin != one.call->begin))
    text += " at " + at(report, *one.reason_where, !one.call || one.reason_where->file != one.call->file);
  return text;
}

std::string table_text(const report &report, const std::vector<const elision *> &calls,
                       const std::optional<file_id> &file) {
  table rows({left, left, left, left, right, left, left});
  rows.add({"level", "callee", "call at", "frame", "bytes", "rule", "because"});
  for (const elision *one : calls)
    rows.add({one->level, one->callee, one->call ? at(report, *one->call, one->call->file != file) : "",
              one->is_elided ? "elided" : "allocated", one->bytes ? std::to_string(*one->bytes) : "",
              one->rule ? std::string(word(*one->rule)) : "", reason_text(report, *one)});
  return rows.text("    ");
}

} // namespace

std::string elisions_text(const report &report, coroutine_id caller) {
  std::vector<const elision *> calls;
  for (const elision &one : report.elisions)
    if (one.caller_id == caller)
      calls.push_back(&one);
  if (calls.empty())
    return "";
  return "\n  calls of coroutines:\n" + table_text(report, calls, report.coroutines.at(caller.value).where.file);
}

std::string other_elisions_text(const report &report) {
  std::vector<std::vector<const elision *>> callers;
  for (const elision &one : report.elisions) {
    if (one.caller_id)
      continue;
    const auto same = [&](const auto &calls) { return calls.front()->caller == one.caller; };
    const auto known = std::ranges::find_if(callers, same);
    if (known == callers.end())
      callers.push_back({&one});
    else
      known->push_back(&one);
  }
  std::string text;
  for (const std::vector<const elision *> &calls : callers) {
    const std::optional<range> &first = calls.front()->call;
    text += "\n" + calls.front()->caller + (first ? "  " + report.files.at(first->file.value).path : "") +
            "\n  calls of coroutines:\n" + table_text(report, calls, first ? std::optional(first->file) : std::nullopt);
  }
  return text;
}

} // namespace coroscope::render
