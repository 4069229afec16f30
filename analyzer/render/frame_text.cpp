// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/frame_text.h"

#include "model/point_label.h"
#include "render/phrases.h"
#include "render/table.h"
#include "render/words.h"

namespace coroscope::render {
namespace {

using enum table::align;

/// The points that the value lives across: "S1 S2", "all"; "-O0 keeps it" where none but the level needs it, "none"
/// where LLVM does not see that.
std::string across(const coroutine &coroutine, const level_lowering &lowering, const resident &resident) {
  std::vector<why> needed = resident.reasons;
  if (!needed.empty() && needed.front().reason == keep_reason::unproven)
    return "none";
  std::erase_if(needed, [](const why &why) { return why.reason == keep_reason::always; });
  const std::vector<suspend_point_id> points = points_across(needed);
  if (points.empty())
    return resident.reasons.empty() ? "" : "-" + lowering.level + " keeps it";
  if (points.size() == coroutine.suspend_points.size())
    return "all";
  return point_labels(coroutine, points);
}

class frame_table {
public:
  frame_table(const report &report, const coroutine &coroutine, const level_lowering &lowering, bool with_members)
      : report_(report), coroutine_(coroutine), lowering_(lowering), with_members_(with_members) {
    table_.add({"offset", "size", "kind", "resident", "type", "at", "lives across"});
  }

  /// `start`: of the frame that the fields belong to.
  void add(const std::vector<field> &fields, std::uint64_t start, unsigned depth) {
    for (const field &field : fields) {
      const std::string offset = std::to_string(start + field.offset);
      const bool is_alone = field.residents.size() == 1;
      if (!is_alone)
        table_.add({offset, std::to_string(field.size), indented(depth, word(field.kind)), "", "", "", ""});
      for (const resident &resident : field.residents) {
        const std::uint64_t size = is_alone ? field.size : resident.size.value_or(field.size);
        add(resident, {is_alone ? offset : "", std::to_string(size)}, is_alone ? depth : depth + 1);
        add(resident.fields, start + field.offset, depth + 1);
        if (with_members_)
          add(resident.members, start + field.offset, depth + 1);
      }
    }
  }

  [[nodiscard]] std::string text() const { return table_.text("    "); }

private:
  void add(const resident &resident, std::vector<std::string> bytes, unsigned depth) {
    table_.add({bytes[0], bytes[1], indented(depth, word(resident.kind)), indented(depth, resident_text(resident)),
                resident.type.value_or(""), resident.where ? short_at(report_, *resident.where, coroutine_) : "",
                across(coroutine_, lowering_, resident)});
  }

  void add(const std::vector<member> &members, std::uint64_t start, unsigned depth) {
    for (const member &member : members) {
      table_.add({std::to_string(start + member.offset), std::to_string(member.size), "",
                  indented(depth, member.name.starts_with(':') ? member.name.substr(1) : "." + member.name),
                  member.name.starts_with(':') ? "base class" : member.type, "", ""});
      add(member.members, start + member.offset, depth + 1);
    }
  }

  static std::string indented(unsigned depth, std::string_view text) {
    return text.empty() ? "" : std::string(2 * depth, ' ').append(text);
  }

  const report &report_;
  const coroutine &coroutine_;
  const level_lowering &lowering_;
  bool with_members_;
  table table_{{right, right, left, left, left, left, left}};
};

} // namespace

std::string frame_text(const report &report, const coroutine &coroutine, const level_lowering &lowering,
                       bool with_members) {
  if (!lowering.frame)
    return "";
  frame_table fields(report, coroutine, lowering, with_members);
  fields.add(lowering.frame->fields, 0, 0);
  return fields.text();
}

} // namespace coroscope::render
