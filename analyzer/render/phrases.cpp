// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/phrases.h"

#include "model/one_line.h"
#include "model/point_label.h"

namespace coroscope::render {

std::string at(const report &report, const range &place, bool with_file) {
  const std::string where = std::to_string(place.begin.line) + ":" + std::to_string(place.begin.column);
  return with_file ? report.files.at(place.file.value).path + ":" + where : where;
}

std::string at(const report &report, const range &place, const coroutine &coroutine) {
  return at(report, place, place.file != coroutine.where.file);
}

std::string signed_number(std::uint64_t before, std::uint64_t after) {
  return after >= before ? "+" + std::to_string(after - before) : "-" + std::to_string(before - after);
}

std::string short_at(const report &report, const range &place, const coroutine &coroutine) {
  const std::string text = at(report, place, coroutine);
  return text.starts_with('/') ? text.substr(text.rfind('/') + 1) : text;
}

std::string without_scope(const std::string &name, const std::string &scope) {
  if (!scope.empty() && name.starts_with(scope + "::"))
    return name.substr(scope.size() + 2);
  // Scopes end where the parameters begin, or at the space of "operator new"; template arguments have scopes of their
  // own.
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i + 1 < name.size() && (depth > 0 || name[i] != '('); ++i) {
    depth += name[i] == '<' ? 1 : name[i] == '>' ? -1 : 0;
    if (depth == 0 && name[i] == ':' && name[i + 1] == ':')
      begin = i + 2;
    if (name.compare(i, 8, "operator") == 0)
      break;
  }
  return name.substr(begin);
}

std::string point_words(const report &report, const coroutine &coroutine, suspend_point_id point) {
  const suspend_point &suspend = coroutine.suspend_points.at(point.value);
  const char *kind = suspend.kind == suspend_kind::initial ? "initial suspend"
                     : suspend.kind == suspend_kind::final ? "final suspend"
                     : suspend.kind == suspend_kind::yield ? "co_yield"
                                                           : "co_await";
  return point_label(coroutine, point) + " (" + kind + ", " + at(report, suspend.where, coroutine) + ")";
}

std::string resident_text(const resident &resident) {
  std::string text = resident.name;
  if (resident.expression)
    text += " `" + shortened(*resident.expression) + "`";
  if (!resident.inlined.empty() && !resident.frame_of)
    text += " in " + resident.inlined.front().function;
  return text;
}

} // namespace coroscope::render
