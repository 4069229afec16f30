// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/why_text.h"

#include "model/point_label.h"
#include "render/absent_text.h"
#include "render/phrases.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace coroscope::render {
namespace {

/// "n (bytes 0 to 7)" -> "n"
std::string plain(const std::string &name) { return name.substr(0, name.find(" (bytes ")); }

/// "[x, y]" holds x and y.
bool holds(const std::string &name, const std::string &wanted) {
  if (!name.starts_with('['))
    return false;
  const std::string inside = ", " + name.substr(1, name.size() - 2) + ",";
  return inside.find(", " + wanted + ",") != std::string::npos;
}

class question {
public:
  explicit question(const std::string &text) : text_(text) {
    std::uint32_t line = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), line);
    if (error == std::errc() && end == text.data() + text.size())
      line_ = line;
  }

  [[nodiscard]] bool is_about(const coroutine &coroutine, const std::string &name,
                              const std::optional<range> &where) const {
    if (line_)
      return where && where->file == coroutine.where.file && where->begin.line == *line_;
    return name == text_ || plain(name) == text_ || holds(name, text_);
  }

  [[nodiscard]] bool is_about(const coroutine &coroutine, const resident &resident) const {
    return is_about(coroutine, resident.name, resident.where) || (!line_ && resident_text(resident) == text_);
  }

  [[nodiscard]] const std::string &text() const { return text_; }

  /// The part of a structured binding that is asked for.
  [[nodiscard]] std::optional<std::string> part_of(const std::string &name) const {
    return holds(name, text_) ? std::optional(text_) : std::nullopt;
  }

private:
  std::string text_;
  std::optional<std::uint32_t> line_;
};

/// A variable as a reader tells it from others: what the answers are sorted under.
struct subject {
  std::string name;
  std::string shown; ///< with the expression that makes a temporary
  std::string type;
  std::optional<range> where;
  bool operator==(const subject &) const = default;
};

/// The answer for one coroutine.
class answer {
public:
  answer(const report &report, const coroutine &coroutine, const question &question)
      : report_(report), coroutine_(coroutine), question_(question) {}

  std::string operator()() {
    for (const level_lowering &lowering : coroutine_.lowerings)
      find_subjects(lowering);
    std::string text;
    for (const subject &one : subjects_) {
      text += (text.empty() ? "" : "\n") + one.shown + " (" + one.type + (one.type.empty() ? "" : ", ") +
              (one.where ? "line " + std::to_string(one.where->begin.line) : "no line") + ") in " + coroutine_.name +
              "\n";
      for (const level_lowering &lowering : coroutine_.lowerings)
        text += level_text(lowering, one);
    }
    return text;
  }

private:
  void add(subject one) {
    const auto is_same = [&](const subject &known) {
      return known.shown == one.shown && same_place(known.where, one.where);
    };
    if (std::ranges::none_of(subjects_, is_same))
      subjects_.push_back(std::move(one));
  }

  [[nodiscard]] subject subject_of(const resident &resident) const {
    const std::optional<std::string> part = question_.part_of(resident.name);
    return {.name = part.value_or(plain(resident.name)),
            .shown = part                                 ? *part
                     : resident.name.contains(" (bytes ") ? plain(resident.name)
                                                          : render::resident_text(resident),
            .type = resident.type.value_or(""),
            .where = resident.where};
  }

  static bool same_place(const std::optional<range> &one, const std::optional<range> &other) {
    if (!one || !other)
      return one.has_value() == other.has_value();
    return one->file == other->file && one->begin.line == other->begin.line;
  }

  void find_subjects(const level_lowering &lowering) {
    if (lowering.frame)
      for (const field &field : lowering.frame->fields)
        for (const resident &resident : field.residents)
          if (question_.is_about(coroutine_, resident))
            add(subject_of(resident));
    for (const absent_variable &variable : lowering.absent)
      if (question_.is_about(coroutine_, variable.name, variable.where))
        add({.name = variable.name,
             .shown = variable.name,
             .type = variable.type.value_or(""),
             .where = variable.where});
  }

  std::string level_text(const level_lowering &lowering, const subject &one) const {
    std::string text;
    if (lowering.frame)
      for (const field &field : lowering.frame->fields)
        for (const resident &resident : field.residents)
          if ((subject_of(resident).shown == one.shown || holds(resident.name, one.name)) &&
              same_place(resident.where, one.where))
            text += resident_text(lowering, field, resident);
    for (const absent_variable &variable : lowering.absent)
      if (variable.name == one.name && same_place(variable.where, one.where))
        text += "  It is not in the frame at -" + lowering.level + ": " + absence_words(report_, coroutine_, variable) +
                ".\n";
    return text.empty() ? "  At -" + lowering.level + " no byte of the frame is it.\n" : text;
  }

  std::string resident_text(const level_lowering &lowering, const field &field, const resident &resident) const {
    const std::size_t part = resident.name.find(" (bytes ");
    std::string text =
        holds(resident.name, question_.text()) ? "  As a part of " + resident.name + " it is" : "  It is";
    if (part != std::string::npos)
      text = "  Its " + resident.name.substr(part + 2, resident.name.size() - part - 3) + " are";
    text += " in the frame at -" + lowering.level + ": " + bytes_words(field, resident) + ".";
    if (field.kind == field_kind::promise)
      return text + " The promise lives as long as the coroutine.\n";
    text += "\n";
    if (resident.reasons.empty())
      text += "    Nothing needs it across a suspend point; the split puts it there all the same.\n";
    for (const why &reason : resident.reasons)
      text += "    " + capital(sentence(lowering, reason)) + "\n";
    return text + (resident.advice ? "    " + capital(*resident.advice) + ".\n" : "");
  }

  static std::string bytes_words(const field &field, const resident &resident) {
    const std::string first = std::to_string(field.offset);
    const std::uint64_t size = field.kind == field_kind::shared ? resident.size.value_or(field.size) : field.size;
    return size == 1 ? "byte " + first : "bytes " + first + " to " + std::to_string(field.offset + size - 1);
  }

  /// A clause that begins with a word of ours begins the sentence; a name of the source stays as it is.
  static std::string capital(std::string sentence) {
    for (const char *word : {"the ", "its ", "it "})
      if (sentence.starts_with(word))
        sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
    return sentence;
  }

  /// "S1 (co_await a at 4:3), S2 (…) and S5 (…)"
  [[nodiscard]] std::string points_of(const why &reason) const {
    std::string text;
    for (std::size_t i = 0; i < reason.across.size(); ++i)
      text += (i == 0                          ? ""
               : i + 1 == reason.across.size() ? " and "
                                               : ", ") +
              point_words(report_, coroutine_, reason.across[i]);
    return text;
  }

  /// "n is set at 12:7"
  [[nodiscard]] std::string clause(const witness &witness) const {
    return witness.what + (witness.place ? " at " + at(report_, *witness.place, coroutine_) : "");
  }

  static std::string unproven_sentence(const std::string &before, const std::string &after) {
    if (before.empty())
      return after + "; no suspend point lies in its life, but LLVM is not told where that begins and ends.";
    return after.empty() ? before + "; no suspend point follows, but LLVM is not told where it ends."
                         : before + ", " + after +
                               ", and no suspend point lies between; LLVM searches no further than 32 basic blocks "
                               "for where it ends.";
  }

  [[nodiscard]] std::string sentence(const level_lowering &lowering, const why &reason) const {
    const std::string points = points_of(reason);
    const std::string before = reason.definition ? clause(*reason.definition) : "";
    const std::string after = reason.use ? clause(*reason.use) : "";
    const char *lie = reason.across.size() > 1 ? " lie between" : " lies between";
    switch (reason.reason) {
    case keep_reason::crosses:
      if (!before.empty() && after.starts_with("await_suspend() "))
        return before + ", and " + after + " after " + points + " began to suspend.";
      if (!before.empty() && !after.empty())
        return before + ", " + after + ", and " + points + lie + ".";
      return after.empty()
                 ? "It lives across " + points + "."
                 : "Its storage is reserved before " + points + (reason.across.size() > 1 ? " suspend" : " suspends") +
                       ", and " + after + " after that.";
    case keep_reason::escapes:
      if (before.empty() && !reason.repeats)
        return after + "; a way leads from there to " + points + " on which nothing marks the end of its life.";
      return before.empty()
                 ? after + "; a loop leads through " + points + " to its next life, which must have the same address."
                 : after + ", so that somebody may use it while the coroutine is suspended at " + points + ".";
    case keep_reason::unproven:
      return unproven_sentence(before, after);
    case keep_reason::always:
      return "Nothing needs it after " + points + ", but -" + lowering.level +
             " keeps every local for as long as its scope lasts" + (after.empty() ? "." : "; " + after + ".");
    }
    return "";
  }

  const report &report_;
  const coroutine &coroutine_;
  const question &question_;
  std::vector<subject> subjects_;
};

} // namespace

std::string why_text(const report &report, const std::string &text) {
  const question question(text);
  std::string all;
  for (const coroutine &coroutine : report.coroutines)
    if (const std::string one = answer(report, coroutine, question)(); !one.empty())
      all += (all.empty() ? "" : "\n") + one;
  return all;
}

std::vector<std::string> names_to_ask_for(const report &report) {
  std::set<std::string> names;
  for (const coroutine &coroutine : report.coroutines)
    for (const level_lowering &lowering : coroutine.lowerings) {
      if (lowering.frame)
        for (const field &field : lowering.frame->fields)
          for (const resident &resident : field.residents)
            names.insert(plain(resident.name));
      for (const absent_variable &variable : lowering.absent)
        names.insert(variable.name);
    }
  return {names.begin(), names.end()};
}

} // namespace coroscope::render
