// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/promise_text.h"

#include "render/phrases.h"
#include "render/table.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace coroscope::render {
namespace {

using enum table::align;

class promise_lines {
public:
  promise_lines(const report &report, const coroutine &coroutine) : report_(report), coroutine_(coroutine) {}

  void add(const char *what, const std::string &text, const std::optional<range> &place, const std::string &note = "") {
    lines_.add({what, text, place ? short_at(report_, *place, coroutine_) : "", note});
  }

  void add(const char *what, const std::optional<chosen_function> &function, const std::string &note = "") {
    if (function)
      add(what, without_scope(function->name, coroutine_.promise.type), function->place, note);
  }

  /// With what it returns.
  void add_typed(const char *what, const std::optional<chosen_function> &function) {
    if (function)
      add(what, without_scope(function->name, coroutine_.promise.type) + " -> " + function->type.value_or("?"),
          function->place);
  }

  [[nodiscard]] std::string text() const { return lines_.text("    "); }

private:
  const report &report_;
  const coroutine &coroutine_;
  table lines_{{left, left, left, left}};
};

std::string joined(std::initializer_list<std::string_view> words) {
  std::string text;
  for (const std::string_view word : words)
    if (!word.empty())
      text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

/// The places of the statements that call `function`: "at 12:3, 20:3 and off the end".
std::string callers_of(const report &report, const coroutine &coroutine, const std::string &function) {
  std::string text;
  bool off_the_end = false;
  for (const co_return_statement &statement : coroutine.returns) {
    if (!statement.call || statement.call->name != function)
      continue;
    if (statement.is_implicit)
      off_the_end = true;
    else
      text += (text.empty() ? "at " : ", ") + at(report, statement.where, coroutine);
  }
  return text + (!off_the_end ? "" : text.empty() ? "off the end" : " and off the end");
}

/// Each overload that a co_return chose; without any, the one that the promise has.
void add_results(const report &report, const coroutine &coroutine, promise_lines &lines) {
  std::vector<std::string> known;
  for (const co_return_statement &statement : coroutine.returns) {
    if (!statement.call) {
      if (statement.is_implicit)
        lines.add("result", "flowing off the end is undefined behaviour: there is no return_void", statement.where);
      continue;
    }
    if (std::ranges::find(known, statement.call->name) != known.end())
      continue;
    known.push_back(statement.call->name);
    lines.add("result to", statement.call, callers_of(report, coroutine, statement.call->name));
  }
  if (known.empty() && coroutine.promise.return_void)
    lines.add("result to", coroutine.promise.return_void, "never called");
}

void add_memory(const promise_type &promise, promise_lines &lines) {
  const auto add = [&](const char *what, const chosen_function &function, bool is_member, const std::string &note) {
    lines.add(what, without_scope(function.name, promise.type), is_member ? function.place : std::nullopt, note);
  };
  if (promise.operator_new)
    add("allocated by", *promise.operator_new, promise.new_is_member,
        joined({promise.new_is_member ? "member" : "global", promise.new_takes_parameters ? "with the parameters" : "",
                promise.is_over_aligned ? "aligned" : ""}));
  if (const std::optional<chosen_function> &function = promise.operator_delete) {
    const bool is_member = !function->name.starts_with("operator ");
    add("freed by", *function, is_member,
        joined({is_member ? "member" : "global", promise.delete_is_sized ? "sized" : "",
                function->name.contains("align_val_t") ? "aligned" : ""}));
  }
  lines.add("out of memory", promise.allocation_failure);
}

} // namespace

std::string promise_text(const report &report, const coroutine &coroutine) {
  const promise_type &promise = coroutine.promise;
  promise_lines lines(report, coroutine);
  if (!promise.traits.empty())
    lines.add("found by", promise.traits, promise.traits_where,
              promise.is_specialised ? "a specialisation" : "the primary template");
  const char *of = promise.takes_parameters ? "with the parameters" : "";
  if (promise.takes_parameters && !promise.constructor)
    lines.add("made by", "aggregate initialisation", std::nullopt, of);
  lines.add("made by", promise.constructor, of);
  lines.add_typed("returned", promise.get_return_object);
  lines.add("converted by", promise.conversion);
  lines.add_typed("begins with", promise.initial_suspend);
  lines.add_typed("ends with", promise.final_suspend);
  add_results(report, coroutine, lines);
  lines.add("exceptions to", promise.unhandled_exception);
  add_memory(promise, lines);
  return "  promise" + (promise.where ? "  " + short_at(report, *promise.where, coroutine) : std::string()) + "\n" +
         lines.text();
}

std::string parameters_text(const report &report, const coroutine &coroutine) {
  if (coroutine.parameters.empty())
    return "";
  table lines({left, left, left, left});
  for (const parameter_copy &parameter : coroutine.parameters) {
    lines.add({parameter.name.empty() ? "(unnamed)" : parameter.name, parameter.type,
               parameter.where ? at(report, *parameter.where, coroutine) : "",
               parameter.is_reference   ? "the reference is kept, not what it refers to"
               : !parameter.constructor ? "its bytes are copied"
               : parameter.is_move      ? "moved by " + without_scope(parameter.constructor->name, parameter.type)
                                        : "copied by " + without_scope(parameter.constructor->name, parameter.type)});
  }
  return "  parameters\n" + lines.text("    ");
}

} // namespace coroscope::render
